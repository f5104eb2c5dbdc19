#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command on a terminal of its own and gives what the terminal got.

usage: onterminal.py COMMAND...

All three standard streams are the terminal, which passes bytes on as they are.
The exit status is that of the command.
"""
import os
import pty
import sys
import termios

child, terminal = pty.fork()
if child == 0:
    attributes = termios.tcgetattr(0)
    attributes[1] &= ~termios.OPOST
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(0, termios.TCSANOW, attributes)
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        piece = os.read(terminal, 1 << 16)
    except OSError:  # EIO: nobody has it open any more
        break
    if not piece:
        break
    sys.stdout.buffer.write(piece)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
