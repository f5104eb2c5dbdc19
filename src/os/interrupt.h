/* SPDX-License-Identifier: MIT */
/* What asks the program to end: signals, Ctrl-C. */
#ifndef CVK_OS_INTERRUPT_H
#define CVK_OS_INTERRUPT_H

/* From now on note, which may only touch what needs no lock, is called with the
 * number of the first one; a second one of the kind ends the program. Those
 * that are ignored stay so. */
void cvk_interrupt_watch(void (*note)(int number));

/* Ends the program as that would have done without note. */
void cvk_interrupt_end(int number);

#endif
