"""Letter, version, recipient, dispatch and thread rows; asks, states, the page."""
