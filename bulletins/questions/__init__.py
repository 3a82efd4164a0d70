"""What readers ask and remark on a paper: its states, its form, what is alike, its words."""
