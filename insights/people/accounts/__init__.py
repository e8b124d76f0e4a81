"""What accounts rest on beside the password: limits, second factors, invitations, links, and sign-in from elsewhere."""
