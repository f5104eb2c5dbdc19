#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds JSON lines against a JSON Schema.

usage: schema-check.py SCHEMA <LINES

Prints how many records hold, or the first violation with its line, and exits
with 1, also if there is no record at all; 2 is wrong usage or a missing library.
What a schema cannot say of records is looked at as well: the counts of a
summary add up, and the last finding is the one that decides the status.
A schema whose root is a oneOf
over records is entered by the record's type, so that the violation named is
the one that matters. Needs python3-jsonschema 4 or later.
"""
import json
import sys

try:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match, SchemaError
except ImportError:
    print("schema-check: python3-jsonschema 4 is missing", file=sys.stderr)
    sys.exit(2)


class Damaged(ValueError):
    """The line is no JSON that other readers would read in the same way."""


def no_duplicates(pairs):
    """Objects as dicts; a name that stands twice is an error."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise Damaged("the name %r stands twice in one object" % name)
    return dict(pairs)


def no_constant(word):
    """Python reads NaN and Infinity, JSON has neither."""
    raise Damaged("%s is no JSON" % word)


def part_for(schema, record):
    """The schema with its oneOf cut down to this record's type.

    None if it has such a oneOf and the type is not in it.
    """
    types = [part.get("$ref") for part in schema.get("oneOf", [])]
    if not types or None in types:
        return schema
    kind = record.get("type") if isinstance(record, dict) else None
    mine = "#/$defs/%s" % kind
    return {**schema, "oneOf": [{"$ref": mine}]} if mine in types else None


def deepest(error):
    """The violation inside a oneOf or anyOf that says most."""
    while error.context:
        inner = best_match(error.context)
        if inner is None:
            break
        error = inner
    return error


def contradiction(record):
    """What is wrong between members, which a schema cannot say, or None."""
    if record.get("type") == "summary":
        parts = ("ok", "refused", "errors", "skipped")
        if record["inputs"] != sum(record[part] for part in parts):
            return "/inputs: is not the sum of %s" % ", ".join(parts)
        parts = ("derived", "hashed_only")
        if parts[0] in record and \
                record["blobs"] != sum(record[part] for part in parts):
            return "/blobs: is not the sum of %s" % ", ".join(parts)
    findings = record.get("findings", [])
    errors = [f["severity"] == "error" for f in findings]
    if any(errors[:-1]):
        return "/findings: the error is not the last one"
    if record.get("status") == "skipped":
        last = findings[-1]
        if last["severity"] != "note" and last["id"] != "archive.nested":
            return "/findings: the reason to skip is not the last one"
    return None


def check(schema, line):
    """What is wrong with one line, or None."""
    try:
        record = json.loads(line, object_pairs_hook=no_duplicates,
                            parse_constant=no_constant)
    except ValueError as error:
        return "no JSON: %s" % error
    part = part_for(schema, record)
    if part is None:
        return "/type: this is no record of a known type"
    validator = Draft202012Validator(part)
    error = best_match(validator.iter_errors(record))
    if error is None:
        return contradiction(record)
    error = deepest(error)
    place = "/" + "/".join(str(part) for part in error.absolute_path)
    message = error.message
    if len(message) > 400:
        message = "%s ... %s" % (message[:200], message[-160:])
    return "%s: %s" % (place, message)


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    with open(arguments[1], encoding="utf-8") as file:
        schema = json.load(file)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        print("schema: %s" % error.message)
        return 1
    count = 0
    for number, raw in enumerate(sys.stdin.buffer, 1):
        try:
            wrong = check(schema, raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            wrong = "no UTF-8: %s" % error
        if wrong:
            print("line %d: %s" % (number, wrong))
            return 1
        count += 1
    print("%d records hold" % count)
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
