import { filesOf, indexName, indexOf } from '../certificate-installer/order.ts'
import { certificatesDirectory, realPath } from '../contract/guest-paths.ts'
import type { GuestFacilities } from './facilities.ts'
import type { Goal } from './state.ts'

/**
 * Puts the certificates of the goal, and no others, where its role finds them (S-8). It requests them from the host agent only
 * when others are there: a role that is started again needs no request.
 */
export async function installCertificates(goal: Goal, facilities: GuestFacilities): Promise<void> {
  const { settings, log } = facilities
  const { storedCertificates: certificates } = goal.configuration.specification
  const directory = realPath(settings.root, certificatesDirectory) as string
  const installed = facilities.readFile(`${directory}/${indexName}`)
  if (certificates.length === 0) {
    if (installed === undefined) return
    await facilities.emptyDirectories([directory])
    return log.runtime('INFO', 'The certificates of the role have been removed.')
  }
  if (installed === indexOf(certificates)) return
  await facilities.installCertificates({ url: goal.certificates, directory, certificates })
  for (const certificate of certificates) {
    const { byThumbprint } = filesOf(certificate)
    log.runtime('INFO', `Certificate ${certificate.name} is installed as ${byThumbprint.replaceAll('/', '\\')}.`)
  }
}
