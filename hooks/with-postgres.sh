#!/bin/bash
# Runs a command beside a PostgreSQL of its own, which goes with the command whatever became of it:
#   hooks/with-postgres.sh cargo test …
# A cluster in a temporary folder, reached by a Unix socket alone; its address is in CABINET_TEST_POSTGRES. Everything is as an
# operator would have it (fsync, data checksums), only small.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "there is no PostgreSQL here: apt-get install postgresql (make debian does)"; exit 1; }

# In memory where there is enough of it: fsync is asked for all the same, and costs nothing there.
place=${TMPDIR:-/tmp}
if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 3000000 ]; then place=/dev/shm; fi
folder=$(mktemp -d "$place/cabinet-postgres.XXXXXX")

# PostgreSQL won't run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
  chown postgres "$folder"
fi
end() {
  (cd "$folder" && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop) >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

told() { "$@" >"$folder/said" 2>&1 || { cat "$folder/said" "$folder/log" 2>/dev/null; exit 1; }; }
(cd "$folder" && told "${as[@]}" "$bin/initdb" --pgdata=data --username=cabinet --auth=trust --encoding=UTF8 --locale=C --data-checksums)
cat >>"$folder/data/postgresql.conf" <<'SETTINGS'
listen_addresses = ''
max_connections = 400
shared_buffers = 64MB
max_wal_size = 1GB
# A test is told of a dead lock soon.
deadlock_timeout = 200ms
# Who waits for a test that hangs waits no longer than this.
idle_in_transaction_session_timeout = 60s
SETTINGS
# Everybody is let in, but for one whom the tests let try passwords.
sed -i '1i local all stranger scram-sha-256' "$folder/data/pg_hba.conf"
(cd "$folder" && told "${as[@]}" "$bin/pg_ctl" -D data -l log -w -o "-c unix_socket_directories='$folder'" start)

export CABINET_TEST_POSTGRES="postgres:///postgres?host=$folder&user=cabinet"
"$@"
