#!/bin/sh
# Once, when the database is made: a role for Assay that is no superuser, and the role that row-level security holds (docs/security.md).
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$(cat "${DATABASE_PASSWORD_FILE:-/run/secrets/database_password}")" <<'SQL'
create role assay_service nologin noinherit;
create role assay login nosuperuser nocreatedb nocreaterole password :'password';
grant assay_service to assay;
create database assay owner assay;
SQL
