"""Adapters to where data lives: scenes and segments, campaigns, viewers. Siblings never import each other."""
