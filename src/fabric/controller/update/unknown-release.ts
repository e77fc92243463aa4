import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { FabricFacts } from '../state/facts.ts'

/** The warning of an osVersion that no release of its family bears: it is accepted, and nothing follows from it (H-22). Empty for one that is known. */
export function unknownRelease(
  { osFamily, osVersion }: ServiceConfiguration,
  { osFamilies }: Pick<FabricFacts, 'osFamilies'>,
): readonly string[] {
  const releases = osFamilies.find(({ family }) => family === osFamily)?.releases ?? []
  return osVersion === '*' || releases.includes(osVersion)
    ? []
    : [
        `The osVersion "${osVersion}" is no release of osFamily ${osFamily} that this fabric has (${releases.join(', ')}); instances bear its name, and no release ever replaces it. Write "*" for the newest.`,
      ]
}
