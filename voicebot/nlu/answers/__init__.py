"""What a resident's answer does: dialogue acts judged against the question that was asked. Pure."""
