"""The demonstration: invented people write to invented offices, which answer by real SMTP or do not."""
