/* SPDX-License-Identifier: MIT */
#include "os/partname.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PART_SUFFIX ".cvmkey-part"

/* FNV-1a, 32 bits: tells long names apart. */
static uint32_t hash_name(const char *name)
{
    uint32_t h = 2166136261u;

    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 16777619u;
    return h;
}

void cvk_part_name(const struct cvk_outfile *f, char part[CVK_MAX_NAME + 1])
{
    int room = CVK_MAX_NAME - 1 - (int)sizeof PART_SUFFIX + 1;
    char number[16] = "";
    int used = 0, n = (int)strlen(f->name);

    if (f->serial)
        used = snprintf(number, sizeof number, "~%u", f->serial);
    if (n + used <= room)
        snprintf(part, CVK_MAX_NAME + 1, ".%.*s%s" PART_SUFFIX, room - used,
                 f->name, number);
    else
        snprintf(part, CVK_MAX_NAME + 1, ".%.*s~%08x%s" PART_SUFFIX,
                 room - 9 - used, f->name, (unsigned)hash_name(f->name),
                 number);
}

void cvk_part_join(struct cvk_outfile *f)
{
    struct cvk_outtree *t = f->tree;

    cvk_monitor_enter(&t->monitor);
    f->serial = 0;
    for (struct cvk_outfile *o = t->parts; o; o = o->next_part)
        if (o->dir->inode == f->dir->inode &&
            o->dir->device == f->dir->device && strcmp(o->name, f->name) == 0 &&
            o->serial >= f->serial)
            f->serial = o->serial + 1;
    f->next_part = t->parts;
    t->parts = f;
    f->named = true;
    cvk_monitor_leave(&t->monitor);
}

void cvk_part_leave(struct cvk_outfile *f)
{
    struct cvk_outtree *t = f->tree;
    struct cvk_outfile **link = &t->parts;

    if (!f->named)
        return;
    cvk_monitor_enter(&t->monitor);
    while (*link != f)
        link = &(*link)->next_part;
    *link = f->next_part;
    f->named = false;
    cvk_monitor_leave(&t->monitor);
}
