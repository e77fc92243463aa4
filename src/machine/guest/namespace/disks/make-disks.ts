import { blockBytes, journalMB } from './size.ts'

/**
 * Makes the file of a disk: its name, its blocks. The guest finds an empty directory of its own, and may use every block given. An unfinished file
 * does not have its final name.
 */
const make = `make() {
  new="\${1%/*}/.new-$$-\${1##*/}"
  : >"$new" && mkfs.ext4 -q -F -b ${blockBytes} -m 0 -i 16384 -I 256 -J size=${journalMB} -O ^resize_inode \\
    -E "nodiscard,lazy_itable_init=1,lazy_journal_init=1,root_owner=$uid:$uid" "$new" "$2" && mv -- "$new" "$1"
}`

/** Whether the kernel has a file in use. */
const isUsed = `is_used() { [ -n "$(losetup -n -O NAME -j "$1")" ]; }`

/** How long to wait for a disk to which the earlier guest still writes, in tenths of a second. Origin: choice. */
const tenthsUntilFree = 600

/** Makes a file whole that was there before, and larger if it is to be. The kernel is asked whether it is in use: two writers would damage it. */
const mend = `mend() {
  tenths=0
  while is_used "$1"; do
    [ $((tenths += 1)) -le ${tenthsUntilFree} ] || { echo "$1 is still in use."; return 1; }
    sleep 0.1
  done
  e2fsck -y -- "$1"
  [ $? -lt 4 ] || { echo "$1 is damaged: rebuild the instance."; return 1; }
  [ "$(od -An -t u4 -j 1028 -N 4 -- "$1")" -ge "$2" ] || { e2fsck -fy -- "$1"; resize2fs "$1" "$2"; }
}`

/**
 * Gives a guest one disk: directory below C:, file, blocks, `kept` or `fresh`. The directory is made with the rights of the guest alone, and must
 * lie where it seems to: a link in it would lead root elsewhere. Content from before there was a disk stays, without one; a disk with content is
 * mounted over anything written in its place. A disk in use belongs to a running guest, wherever its role has moved it.
 */
const disk = `disk() {
  PATH=$PATH:/usr/sbin:/sbin
  [ $when = start ] || ! is_used "$2" || return 0
  as="setpriv --reuid $uid --regid $uid --clear-groups"
  cd -- "$root/c" || return 1
  [ -d "$1" ] && before=1 || { before= && $as mkdir -p -- "$1"; }
  cd -- "$1" && [ "$(pwd -P)" = "$root/c/$1" ] || { echo "$root/c/$1 is no directory of its own; its size is not held."; return 0; }
  [ "$4" = kept ] || [ ! -e "$2" ] || rm -f -- "$2"
  if [ "$before" ] && [ -n "$(find . -mindepth 1 -print -quit)" ]; then
    if [ -e "$2" ]; then echo "$root/c/$1 holds what was written beside its disk, which covers it now."
    elif [ "$4 $when" = "fresh start" ]; then $as find . -mindepth 1 -delete
    else return 0
    fi
  fi
  if [ -e "$2" ]; then mend "$2" "$3"; else make "$2" "$3"; fi || return 1
  mount -c -t ext4 -o loop,nosuid,nodev,discard,noinit_itable,errors=remount-ro -- "$2" . && cd -- "$root/c" || return 1
  [ ! -d "$1/lost+found" ] || $as rmdir -- "$1/lost+found"
}`

/**
 * Lines of a shell that give a guest its disks, all at once. Its arguments: directory and account of the guest, `start` or, for a running one, `run`,
 * how many disks, and four for each; those of a command remain. When a disk is impossible, the shell ends after it has tried all. A loop device ends
 * with its mount, and that with the last process that sees it.
 */
export const makeDisks = `${make}
${isUsed}
${mend}
${disk}
root=$1 uid=$2 when=$3 count=$4 made= lacking=
shift 4
rm -f -- "\${2%/*}"/.new-*
while [ $count -gt 0 ]; do
  disk "$1" "$2" "$3" "$4" >&2 & made="$made $!" count=$((count - 1))
  shift 4
done
for one in $made; do wait $one || lacking=1; done
[ -z "$lacking" ] || exit 1`
