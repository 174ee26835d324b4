# Runs once on each new instance, after /etc/shop.env was written and read.

# EC2's repositories are on S3, which the network has an endpoint for.
if [[ -n ${FILE_SYSTEM:-} ]]; then
  dnf install --assumeyes amazon-efs-utils
  mkdir --parents /srv/shared
  echo "${FILE_SYSTEM}:/ /srv/shared efs _netdev,tls,nofail 0 0" >>/etc/fstab
  mount --all --types efs
fi

# Until an image brings the shop as shop.service, this answers the load balancer, so that the rest can be seen to work.
if ! systemctl cat shop.service &>/dev/null; then
  mkdir --parents /srv/www
  echo 'The shop opens soon.' | tee /srv/www/index.html >/srv/www/healthz
  cat >/etc/systemd/system/shop.service <<UNIT
[Service]
ExecStart=/usr/bin/python3 -m http.server ${APP_PORT} --directory /srv/www
EnvironmentFile=/etc/shop.env
DynamicUser=yes
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
fi
systemctl enable --now shop.service
