"""The record watched over: is its chain whole, who saw what, who can see what."""
