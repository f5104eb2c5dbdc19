/* SPDX-License-Identifier: MIT */
/* What the program is made of. */
#ifndef CVK_CMD_VERSION_H
#define CVK_CMD_VERSION_H

/* A library that the program uses. */
struct cvk_library {
    const char *name;
    char version[24]; /* empty where it does not tell */
};

/* All of them. */
enum { CVK_LIBRARIES = 5 };
void cvk_libraries(struct cvk_library libraries[CVK_LIBRARIES]);

#endif
