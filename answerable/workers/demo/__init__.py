"""The demonstration: invented people write to invented offices, which answer by real SMTP or do not."""

EMAIL, PASSWORD = "tamsin@solenne.example", "lantern-harbour-violin"  # the invented writer's; shown to every visitor
