"""Every page that needs the server, signed in or not."""
