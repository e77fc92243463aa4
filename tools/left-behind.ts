import { globSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What tests that kept everything below `temporary` have left on the machine: processes, mounts, directories, and parts of guests that were not there `before`; one sentence each. A table of nft goes with the routes of its host. */
export function leftBehind(temporary: string, before: readonly string[]): readonly string[] {
  return [
    ...processesBelow(temporary).map((found) => `a process is left: ${found}`),
    ...lines('/proc/self/mounts')
      .filter((mount) => mount.includes(temporary))
      .map((mount) => `a mount is left: ${mount.split(' ')[1]}`),
    ...readdirSync(temporary).map((name) => `a temporary directory is left: ${name}`),
    ...guestParts()
      .filter((part) => !before.includes(part))
      .map((part) => `a part of a guest is left: ${part}`),
  ]
}

/** Links, routes, control groups and loop devices that hosts make for their guests, of every fabric on the machine. */
export function guestParts(): readonly string[] {
  return [
    ...readdirSync('/sys/class/net').filter((name) => /^rd\d+-\d+-\d+$/.test(name)),
    ...lines('/proc/net/route')
      .map((line) => line.split('\t'))
      // Flags: 0x200 is a route that refuses.
      .filter(([, destination = '', , flags = '0']) => destination.endsWith('0A') && Number.parseInt(flags, 16) & 0x200)
      .map(([, destination]) => `route to ${destination}`),
    ...globSync(['/sys/fs/cgroup/reddog-*', '/sys/fs/cgroup/*/reddog-*']),
    // Disks of guests, in whatever mounts they are held.
    ...readdirSync('/sys/block')
      .flatMap((device) => lines(`/sys/block/${device}/loop/backing_file`))
      .filter((file) => /\/disks\/[^/]+\.ext4/.test(file))
      .map((file) => `loop device of ${file}`),
  ]
}

/** Processes that were started with the directory in their words or environment, or that stand in it. */
function processesBelow(temporary: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => [contentOf(pid, 'cmdline'), contentOf(pid, 'environ'), standsIn(pid)].join().includes(temporary))
    .map((pid) => `${pid} ${contentOf(pid, 'cmdline').replaceAll('\0', ' ').trim().slice(0, 200)}`)
}

/** '' for a process that has ended, or that is not ours to look into. */
function contentOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}

function standsIn(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

/** None of a file that has gone meanwhile. */
function lines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}
