"""Class stories: teachers write for families, with photos that each viewer sees as far as consent goes."""
