import { type ChildProcess, spawn } from 'node:child_process'

/** Sees to it that no program outlives w3wp, however that ends. */
export interface Guard {
  readonly watch: (group: number) => void
  readonly forget: (group: number) => void
  readonly close: () => void
}

/** Kills the groups that it was sent and not asked to forget, once its starter has ended. */
const script = `
trap '' HUP INT TERM
groups=
while read -r word group; do
  if [ "$word" = watch ]; then groups="$groups $group"; continue; fi
  left=
  for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done
  groups=$left
done
for one in $groups; do kill -s KILL -- "-$one"; done 2>/dev/null
`

/** The watching shell is started with the first program, in a group of its own. */
export function openGuard(): Guard {
  let shell: ChildProcess | undefined
  const tell = (word: string, group: number) => shell?.stdin?.write(`${word} ${group}\n`)
  return {
    watch(group) {
      if (!shell) {
        shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} })
        shell.on('error', () => {})
        shell.stdin?.on('error', () => {})
        shell.unref()
      }
      tell('watch', group)
    },
    forget: (group) => tell('forget', group),
    close: () => shell?.stdin?.end(),
  }
}
