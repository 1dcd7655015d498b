#!/bin/sh
# What `make demo` shows: the seed loaded into a fresh file, a question, a correction, and the question again.
# Usage: sh docs/demo.sh FACTSTORE-COMMAND
set -eu
factstore=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
FACTSTORE_DB=$folder/demo.db
FACTSTORE_BY=demo
export FACTSTORE_DB FACTSTORE_BY

run() {
    printf '\n$ factstore'
    for word in "$@"; do
        case $word in *[\ \[\]…]*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    "$factstore" "$@" 2>&1
}

run load seeds/moscow-times-2018-04-02.yaml -m "first reading"
run timeline

printf '\n# What happened before the Russian retaliation, and why?\n'
run before russia-expels-60-us-diplomats --why

printf '\n# The U.S. expulsion has no date of its own: the order of events places it.\n'
run show us-expels-60-russian-diplomats

printf '\n# Another source gives the day. The correction stands beside what it corrects.\n'
run before 2018-03-28 --certain
run add "The desk checked the date of the expulsion" --when 2018-04-03 --source desk-notes \
    --publisher "The desk" --published 2018-04-03 --quote "26 March, says the wire" -m "our own notes"
run cite us-expels-60-russian-diplomats --source desk-notes --quote "announced on 26 March" -m "our own notes"
run correct us-expels-60-russian-diplomats --set when=2018-03-26 --reason new-evidence \
    --evidence us-expels-60-russian-diplomats/desk-notes/1 -m "announced on 26 March 2018"
run before 2018-03-28 --certain
run history us-expels-60-russian-diplomats

printf '\n# What was known before the correction is still there to be asked.\n'
run before 2018-03-28 --certain --known-at 176
run verify
