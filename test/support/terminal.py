"""A terminal: runs a command in one of its own, follows a script of what its user does, and knows what its screen shows.

Usage: python3 terminal.py [--cuts] STEPS COMMAND [ARGUMENT ...]

STEPS is a JSON array. Each step is an array of its name and its argument:

  ["wait", TEXT]       reads until the command has printed TEXT after all that the steps before have read
  ["shows", ROWS]      reads until the last rows of the screen are these, then notes all rows, as "rows" does
  ["type", TEXT]       presses keys: "\\u001a" is Ctrl-Z
  ["touch", PATH]      makes an empty file
  ["resize", COLUMNS]  makes the window wider or narrower
  ["pause", SECONDS]   reads for so long: only for what must not happen, since what must happen may take its time
  ["rows"]             notes the rows of the screen, without empty ones; a spinner at the beginning of a row is "*"
  ["output"]           notes what the command has printed since the last "output", or the beginning

Prints {"code", "notes"} as JSON once the command has ended: its status, 128 + n where signal n ended it, and what was
noted. What does not come within 60 seconds ends the script: "wait" notes what was printed instead, "shows" the rows that
there are, and the command is killed. On a narrower window, a line that is too long is broken into rows, as most terminals
do; with --cuts it is cut, as xterm does. A command that has not ended within 100 seconds is killed.
"""

import codecs
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

STEP_SECONDS = 60
LIMIT_SECONDS = 100  # less than Jest gives a test, so that the test shows what was noted
COLUMNS = 80


class Screen:
    """Lines of characters, each shown in as many rows as it needs, and a cursor."""

    def __init__(self, columns, cuts):
        self.columns, self.cuts = columns, cuts
        self.lines, self.line, self.offset = [[]], 0, 0
        self.wraps, self.full = True, False  # full: the last column was written, and the next character begins a row
        self.rest = ""  # of what was read lastly: a control sequence that has not ended

    def rows(self):
        width = self.columns
        texts = ["".join(line) for line in self.lines]
        return [text[at : at + width].rstrip() for text in texts for at in range(0, max(len(text), 1), width)]

    def resize(self, columns):
        if self.cuts:
            before = sum(max(1, -(-len(line) // self.columns)) for line in self.lines[: self.line])
            self.line, self.offset = before + self.row_begin() // self.columns, self.offset - self.row_begin()
            self.offset = min(self.offset, columns - 1)
            self.lines = [list(row[:columns]) for row in self.rows()]
        self.columns, self.full = columns, False

    def row_begin(self):
        return (self.offset - self.full) // self.columns * self.columns

    def show(self, text):
        text = self.rest + text
        begun = re.search(r"\x1b(\[[?\d;]*)?$", text)
        self.rest = begun[0] if begun else ""
        for match in re.finditer(r"\x1b\[([?\d;]*)([A-Za-z])|[^\x1b]", text.removesuffix(self.rest)):
            self.escape(*match.groups()) if match[2] else self.character(match[0])

    def character(self, character):
        line, begin = self.lines[self.line], self.row_begin()
        if character == "\r":
            self.offset, self.full = begin, False
        elif character == "\n":
            column, self.full = self.offset - begin - self.full, False
            if begin + self.columns < len(line):
                self.offset = begin + self.columns + column
                return
            self.line, self.offset = self.line + 1, column
            if self.line == len(self.lines):
                self.lines.append([])
        elif character >= " ":
            at_edge = self.offset - begin >= self.columns - 1
            if at_edge and not self.wraps:
                self.offset, self.full = begin + self.columns - 1, False
            line.extend(" " * (self.offset + 1 - len(line)))
            line[self.offset] = character
            self.offset += 1
            self.full = self.offset % self.columns == 0

    def escape(self, argument, command):
        line, begin = self.lines[self.line], self.row_begin()
        if command in "hl" and argument == "?7":
            self.wraps = command == "h"
        elif command == "G":
            self.offset, self.full = begin + int(argument or 1) - 1, False
        elif command == "A":
            for _ in range(int(argument or 1)):
                self.up()
        elif command == "J" and argument in ("", "0"):
            del line[self.offset :], self.lines[self.line + 1 :]
        elif command == "K":
            end = min(begin + self.columns, len(line))
            first, last = {"": (self.offset, end), "0": (self.offset, end), "1": (begin, self.offset + 1)}.get(
                argument, (begin, end)
            )
            line[first:last] = " " * max(0, min(last, len(line)) - first)
            if last >= len(line):
                del line[first:]

    def up(self):
        column = self.offset - self.row_begin()
        if self.row_begin() > 0:
            self.offset -= self.columns
        elif self.line > 0:
            self.line -= 1
            self.offset = max(0, len(self.lines[self.line]) - 1) // self.columns * self.columns + column
        self.full = False


class Terminal:
    """A command and the terminal that it runs in."""

    def __init__(self, command, columns=COLUMNS, cuts=False):
        self.screen, self.output = Screen(columns, cuts), ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            self.set_size(0, columns)
            os.execvp(command[0], command)
        signal.signal(signal.SIGALRM, lambda *_: self.kill())
        signal.alarm(LIMIT_SECONDS)

    @staticmethod
    def set_size(file, columns):
        fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))

    def read(self, seconds=None):
        """Reads what is printed next; False at the end, or if nothing comes within the time."""
        if seconds is not None and not select.select([self.terminal], [], [], max(0, seconds))[0]:
            return False
        try:
            chunk = os.read(self.terminal, 65536)
        except OSError:  # Linux says EIO once the last process has closed the terminal
            return False
        text = self.decoder.decode(chunk)
        self.output += text
        self.screen.show(text)
        return bool(chunk)

    def until(self, holds, seconds=None):
        """Reads until `holds` does, for so long at most; False if it never did."""
        end = time.monotonic() + (seconds or LIMIT_SECONDS)
        while not holds():
            if not self.read(end - time.monotonic()):
                return False
        return True

    def wait(self, text, begin=0, seconds=None):
        """Reads until the command has printed `text`; returns the place after it, or None if it never did."""
        printed = self.until(lambda: text in self.output[begin:], seconds)
        return self.output.index(text, begin) + len(text) if printed else None

    def shows(self, rows, seconds):
        """Reads until the screen's last rows are these; False if they never were."""
        return self.until(lambda: self.rows()[-len(rows) :] == rows, seconds)

    def rows(self):
        return [re.sub("^[^ -~]", "*", row) for row in self.screen.rows() if row]

    def type(self, text):
        os.write(self.terminal, text.encode())

    def resize(self, columns):
        while self.read(0):
            pass  # the screen shows everything at the old width
        self.screen.resize(columns)
        self.set_size(self.terminal, columns)

    def pause(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.read(end - time.monotonic()):
            pass

    @staticmethod
    def touch(path):
        open(path, "x").close()

    def kill(self):
        os.kill(self.child, signal.SIGKILL)

    def close(self):
        os.close(self.terminal)

    def code(self):
        """Waits for the command's end; returns its status as a shell reports it."""
        _, status = os.waitpid(self.child, 0)
        code = os.waitstatus_to_exitcode(status)
        return 128 - code if code < 0 else code


def follow(steps, terminal):
    read, noted, notes = 0, 0, []
    for name, *arguments in steps:
        if name == "wait":
            place = terminal.wait(arguments[0], read, STEP_SECONDS)
            if place is None:
                notes.append(f"{arguments[0]!r} was not printed, lastly this was: {terminal.output[read:][-500:]!r}")
                break
            read = place
        elif name == "shows":
            shown = terminal.shows(arguments[0], STEP_SECONDS)
            notes.append(terminal.rows())
            if not shown:
                break
        elif name == "rows":
            notes.append(terminal.rows())
        elif name == "output":
            notes.append(terminal.output[noted:])
            noted = len(terminal.output)
        else:
            getattr(terminal, name)(*arguments)
            if name in ("type", "touch", "resize"):
                read = len(terminal.output)
    else:
        while terminal.read():
            pass
        return notes
    terminal.kill()
    return notes


if __name__ == "__main__":
    cuts = sys.argv[1] == "--cuts"
    steps, *command = sys.argv[1 + cuts :]
    terminal = Terminal(command, cuts=cuts)
    notes = follow(json.loads(steps), terminal)
    print(json.dumps({"code": terminal.code(), "notes": notes}))
