"""Labs: one idea each; a lab is its spec, the experiment that its spec opens, and the panels that show it."""
