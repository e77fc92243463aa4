import { configurationFindings, instanceCounts } from '../../../service-model/findings/configuration.ts'
import { hinders } from '../../../service-model/findings/finding.ts'
import { decodeText } from '../../../service-model/text.ts'
import { exitCodes, Failure } from '../../failure.ts'
import { findingLines, overlayFiles, verdictLines } from '../finding-lines.ts'
import { configurationFor, examined, packageFile } from '../package-file.ts'
import { list, type Verb } from '../verb.ts'

export const doctor: Verb = {
  name: 'doctor',
  form: 'PACKAGE [CONFIGURATION] [--overlay DIR|ZIP ...]',
  about:
    'Says of all that a package asks for whether it runs here, and what an overlay has to hold; needs no fabric, and exits 0 only when it will run.',
  options: { overlay: { type: 'string', multiple: true } },
  words: [1, 2],
  async run(call) {
    const { terminal } = call
    const [named = '', configurationNamed] = call.words
    const configuration = decodeText(configurationFor(configurationNamed, named))
    terminal.progress([`Reading ${named} …`])
    const packed = await packageFile(named, call, list(call, 'overlay'))
    try {
      const { model, sha256, warnings, findings: ofPackage } = await examined(call, packed.path)
      terminal.progress([])
      terminal.warn([...packed.warnings, ...warnings])
      const { definition, sdkVersion } = model
      const findings = [...configurationFindings(definition, configuration), ...ofPackage]
      const runs = !findings.some(hinders)
      terminal.line(`${named}: the service ${definition.name}${sdkVersion === '' ? '' : `, SDK ${sdkVersion}`}`)
      for (const line of findingLines(findings, instanceCounts(configuration))) terminal.line(line)
      for (const line of verdictLines(findings)) terminal.line(line)
      const facts = { service: definition.name, sdkVersion, sha256, runs, overlay: overlayFiles(findings), findings }
      if (!runs)
        throw new Failure(`${named} does not run here: see what stands in the way above.`, exitCodes.notDone, facts)
      terminal.object({ ...facts, warnings: terminal.warned() })
    } finally {
      packed.dispose()
    }
  },
}
