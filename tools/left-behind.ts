import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What tests that kept everything below `temporary` have left on the machine: processes, mounts, directories; one sentence each. */
export function leftBehind(temporary: string): readonly string[] {
  return [
    ...processesBelow(temporary).map((found) => `a process is left: ${found}`),
    ...lines('/proc/self/mounts')
      .filter((mount) => mount.includes(temporary))
      .map((mount) => `a mount is left: ${mount.split(' ')[1]}`),
    ...readdirSync(temporary).map((name) => `a temporary directory is left: ${name}`),
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

function lines(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n')
}
