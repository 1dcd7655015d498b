#!/bin/sh
# What `make demo` shows: the seed loaded into a file of its own, a question, a correction, and the question again. The file
# is made afresh each time and stays, to be tried.
# Usage: sh docs/demo.sh FACTSTORE-COMMAND [FILE]
set -eu
factstore=$1
FACTSTORE_DB=${2:-demo.db}
FACTSTORE_BY=demo
export FACTSTORE_DB FACTSTORE_BY
rm -f "$FACTSTORE_DB" "$FACTSTORE_DB-wal" "$FACTSTORE_DB-shm"

run() {
    printf '\n$ factstore'
    for word in "$@"; do
        case $word in *[\ \[\]…]*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    "$factstore" "$@" 2>&1
}

run load seeds/moscow-times-2018-04-02.yaml -m "first reading"

printf '\n# What came before the Russian retaliation, and why? The nearest two:\n'
run before russia-expels-60-us-diplomats --why --limit 2

printf '\n# The American expulsion has no date of its own. A second source gives the day:\n'
run cite us-expels-60-russian-diplomats --publisher "The desk" --published 2018-04-03 --quote "announced on 26 March"
run correct us-expels-60-russian-diplomats --set when=2018-03-26 --reason new-evidence \
    --citation us-expels-60-russian-diplomats/the-desk-2018-04-03/1 -m "the desk found the day"
run before 2018-03-28 --certain --limit 1

printf '\n# What was known before can still be asked: nothing was overwritten.\n'
run before 2018-03-28 --certain --limit 1 --known-at 176
run verify

printf '\nThe file stays: %s. To try:\n' "$FACTSTORE_DB"
printf '  %s --db %s show us-expels-60-russian-diplomats\n' "$factstore" "$FACTSTORE_DB"
printf '  %s --db %s timeline --status all\n' "$factstore" "$FACTSTORE_DB"
printf '  %s --db %s browse --open\n' "$factstore" "$FACTSTORE_DB"
