import { whyNoMono } from '../../service-model/dotnet/needs-mono.ts'
import { has } from '../guest-os/why-not-run.ts'

/** Flags of Mono for a program in a guest: room for young objects. Origin: measured with a role that allocates all the time, 35 MB with one megabyte and 41 with Mono's four. */
export const smallMono: readonly string[] = ['--gc-params=nursery-size=1m']

/**
 * Variables of Mono: it writes a crash to its log, at once, instead of running a debugger for seconds and leaving a file in the working directory.
 */
export const briefCrash = { MONO_DEBUG: 'no-gdb-backtrace', MONO_CRASH_NOFILE: '1' } as const

/** Why this machine runs no .NET, as a clause; undefined when it does. Asked anew each time: Mono may be installed meanwhile. */
export function lackOfMono(): string | undefined {
  return whyNoMono((program) => has(program, process.env['PATH'] ?? ''))
}
