"""The craft of text messages: templates with their approval, ways out and their health, replies."""
