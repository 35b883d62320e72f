"""Run the demo: send real events through the deployed stack and show the results."""
