"""Runs a command in a terminal of its own and presses Ctrl-C once it has printed a given text.

Usage: python3 press-ctrl-c.py [--close] TEXT COMMAND [ARGUMENT ...]

With --close the terminal is closed instead, as when its window is.

Prints what the command printed and exits with its status, 128 + n where signal n ended it. A command that has not ended
within two minutes is killed.
"""

import fcntl
import os
import pty
import signal
import struct
import sys
import termios

CTRL_C = b"\x03"
LIMIT_SECONDS = 120
WINDOW = struct.pack("4H", 24, 80, 0, 0)  # rows and columns

words = sys.argv[1:]
closes = words[0] == "--close"
text, *command = words[1:] if closes else words
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, WINDOW)
    os.execvp(command[0], command)

signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(LIMIT_SECONDS)
output, pressed = b"", False
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # Linux says EIO once the last process has closed the terminal
        break
    if not chunk:
        break
    output += chunk
    if text.encode() in output and not pressed:
        if closes:
            os.close(terminal)
            break
        os.write(terminal, CTRL_C)
        pressed = True

_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(output)
sys.stdout.flush()
code = os.waitstatus_to_exitcode(status)
sys.exit(128 - code if code < 0 else code)
