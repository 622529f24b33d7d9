"""Voorbeeldstad: a made-up town with made-up people, to try the portal on."""
