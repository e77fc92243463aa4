import type { PackageLimits } from './limits.ts'
import { quarantineIn } from './quarantine.ts'
import { readInto } from './read.ts'

// The reading process. Arguments: package file, quarantine directory, limits as JSON, and `verify` when nothing is to be unpacked.
// Prints one line, a Result as JSON.
const [file = '', directory = '', limits = '{}', mode] = process.argv.slice(2)
process.umask(0o022)
const result = await readInto(quarantineIn(directory, JSON.parse(limits) as PackageLimits, mode === 'verify'), file)
process.stdout.write(`${JSON.stringify(result)}\n`)
