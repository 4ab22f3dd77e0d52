#!/bin/bash
# Makes each bucket, its user and a policy for that bucket alone. Every step may run again.
set -euo pipefail
mc alias set minio "$S3_URL" root "$ROOT_PASSWORD"
for file in /users/*; do
  bucket=$(basename "$file")
  read -r user key < "$file"
  mc mb --ignore-existing "minio/$bucket"
  mc admin user add minio "$user" "$key"
  cat > /tmp/policy.json <<POLICY
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*"],
 "Resource": ["arn:aws:s3:::$bucket", "arn:aws:s3:::$bucket/*"]}]}
POLICY
  mc admin policy create minio "$bucket" /tmp/policy.json
  mc admin policy attach minio "$bucket" --user "$user" || true
done
mc version enable minio/velero-backups
