"""Contacts: a member's own address cards, shared one by one, imported and exported as vCards."""
