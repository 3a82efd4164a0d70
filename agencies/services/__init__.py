"""What can be done with agencies, people and seats: one public function is one use case."""
