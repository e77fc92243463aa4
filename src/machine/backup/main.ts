/** `reddog backup` and `reddog restore`: a fabric in one sealed file (docs/guide/backup.md). */

import { placesOf } from '../building/data-directory.ts'
import { sentenceOf } from '../building/sentence.ts'
import { openVoice } from '../building/voice.ts'
import { WrongUse } from '../building/wrong-use.ts'
import { readBackupCommand } from './command-line.ts'
import { restore } from './restore.ts'
import { takeBackup } from './take-backup.ts'

const words = process.argv.slice(2)
const voice = openVoice(words.includes('--json'))
try {
  const { verb, file, data, passphrase, json } = readBackupCommand(words)
  const places = placesOf(data)
  const manifest =
    verb === 'backup' ? await takeBackup(places, file, passphrase) : await restore(places, file, passphrase, voice.say)
  const { records, packages, takenAt } = manifest
  const held = `${records} records and ${packages.length === 1 ? '1 package' : `${packages.length} packages`}`
  voice.say(
    verb === 'backup'
      ? `${file} has the fabric as of ${takenAt}: ${held}, and its keys. Blobs are not in it.`
      : `The fabric of ${takenAt} is back in ${data}: ${held}. What stood there before is in before-restore-… below it. Start it: reddog up --data ${data}`,
  )
  if (json) voice.answer(`${JSON.stringify(manifest)}\n`)
} catch (error) {
  voice.complain(`reddog: ${sentenceOf(error)}`)
  if (words.includes('--json')) voice.answer(`${JSON.stringify({ error: sentenceOf(error) })}\n`)
  process.exitCode = error instanceof WrongUse ? 2 : 1
}
