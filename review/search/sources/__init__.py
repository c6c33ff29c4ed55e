"""One client per service; `contract` says what a source gives."""
