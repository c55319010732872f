"""What one asks a translating net below its lab: who is to blame for what it writes wrong."""
