"""Correcting a published key."""
