#!/bin/sh
# In the container of twin/images/disk_tools: root.tar -> disk.vmdk, both in /image (streamOptimized).
# No loop device and no mount. Every identity is given, so the same tree gives the same bytes.
set -eu
export LC_ALL=C.UTF-8 # names of certificates in the tree are not all ASCII
cd /image
mib=1048576
esp_mib=64
size_mib=$1

mkdir boot
tar -xf root.tar -C boot ./usr/lib/shim/shimx64.efi.signed ./usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed
truncate -s "${esp_mib}M" esp.fat
mkfs.vfat -F 32 -s 1 --invariant -i 67617465 -n GATEKIT-ESP esp.fat >/dev/null
mmd -i esp.fat ::/EFI ::/EFI/BOOT ::/EFI/debian
mcopy -i esp.fat boot/usr/lib/shim/shimx64.efi.signed ::/EFI/BOOT/BOOTX64.EFI
mcopy -i esp.fat boot/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed ::/EFI/BOOT/grubx64.efi
mcopy -i esp.fat /recipe/grub.cfg ::/EFI/debian/grub.cfg

# the last MiB is the copy of the partition table
mkfs.ext4 -q -L gatekit-root -U 6b1c37f2-3d55-4f3e-9c1f-6f2c6c9d0a01 \
    -E hash_seed=6b1c37f2-3d55-4f3e-9c1f-6f2c6c9d0a02,lazy_itable_init=0,lazy_journal_init=0 \
    -d root.tar root.ext4 "$((size_mib - esp_mib - 2))M"
e2fsck -fn root.ext4 >/dev/null

truncate -s "${size_mib}M" disk.raw
sfdisk -q disk.raw <<TABLE
label: gpt
label-id: 6b1c37f2-3d55-4f3e-9c1f-6f2c6c9d0a03
start=1MiB, size=${esp_mib}MiB, type=uefi, name=esp, uuid=6b1c37f2-3d55-4f3e-9c1f-6f2c6c9d0a04
start=$((esp_mib + 1))MiB, size=$((size_mib - esp_mib - 2))MiB, type=linux, name=root, uuid=6b1c37f2-3d55-4f3e-9c1f-6f2c6c9d0a05
TABLE
dd if=esp.fat of=disk.raw bs=$mib seek=1 conv=notrunc,sparse status=none
dd if=root.ext4 of=disk.raw bs=$mib seek=$((esp_mib + 1)) conv=notrunc,sparse status=none

# The layout that VMware's hosts are known to take from qemu-img (Fedora CoreOS ships its images so).
qemu-img convert -f raw -O vmdk -o adapter_type=lsilogic,subformat=streamOptimized,compat6 disk.raw disk.vmdk
rm -r boot esp.fat root.ext4 disk.raw root.tar
