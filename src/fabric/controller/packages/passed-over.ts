import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { FabricFacts } from '../state/facts.ts'

/** What of a configuration is accepted and not done, as warnings, besides those of its reading. */
export function passedOverOf(
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
