"""What pages share: the form, the live panel, notes, the session's state, and the routes and guards of the server."""
