"""Runs a command in a terminal of its own and presses Ctrl-C once it has printed a given text.

Usage: python3 press-ctrl-c.py [--close] TEXT COMMAND [ARGUMENT ...]

With --close the terminal is closed instead, as when its window is.

Prints what the command printed and exits with its status, 128 + n where signal n ended it. A command that has not ended
within 100 seconds is killed.
"""

import sys

from terminal import Terminal

words = sys.argv[1:]
closes = words[0] == "--close"
text, *command = words[1:] if closes else words
terminal = Terminal(command)
if terminal.wait(text) is not None:
    if closes:
        terminal.close()
    else:
        terminal.type("\x03")
while not closes and terminal.read():
    pass
code = terminal.code()
sys.stdout.buffer.write(terminal.output.encode())
sys.stdout.flush()
sys.exit(code)
