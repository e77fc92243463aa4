import { Link, makeStyles } from '@fluentui/react-components'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Deployment, webAddress } from '../../../service-management/answers.ts'
import { useConfigurations } from '../connection/live.ts'
import { useTime } from '../shell/time.ts'
import { Facts } from './facts.tsx'
import { type InputEndpoint, inputEndpointsOf } from './input-endpoints.ts'
import { usedCertificates } from './used-certificates.ts'

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
})

/** What is known of a deployment beside its instances (M-8). */
export function SlotFacts({ service, deployment }: { readonly service: string; readonly deployment: Deployment }) {
  const { t } = useTranslation('summary')
  const time = useTime()
  const { label, name, id, url, vip, reservedAddress, roles, sdk, upgradeDomains, created, modified } = deployment
  const address = webAddress(deployment)
  const configuration = useConfigurations(service).value?.get(deployment.slot) ?? ''
  const certificates = useMemo(() => usedCertificates(configuration), [configuration])
  return (
    <Facts
      facts={[
        [t('fact.label'), label],
        [t('fact.url'), address && <OutsideLink address={address} />],
        [t('fact.dnsName'), url && new URL(url).hostname],
        [t('fact.vip'), vip && (reservedAddress ? t('fact.vipReserved', { vip, name: reservedAddress }) : vip)],
        [t('fact.endpoints'), <Endpoints key="endpoints" endpoints={inputEndpointsOf(deployment.instances)} />],
        [t('fact.certificates'), certificates.length > 0 && <Lines key="certificates" lines={certificates} />],
        [t('fact.deploymentName'), name],
        [t('fact.deploymentId'), id],
        [t('fact.os'), <Lines key="os" lines={[...new Set(roles.map(({ os }) => os))]} />],
        [t('fact.sdk'), sdk],
        [t('fact.upgradeDomains'), upgradeDomains],
        [t('fact.created'), time(created)],
        [t('fact.modified'), time(modified)],
      ]}
    />
  )
}

function OutsideLink({ address }: { readonly address: string }) {
  return (
    <Link href={address} target="_blank" rel="noreferrer">
      {address}
    </Link>
  )
}

function Endpoints({ endpoints }: { readonly endpoints: readonly InputEndpoint[] }) {
  const { t } = useTranslation('summary')
  if (endpoints.length === 0) return t('fact.noEndpoints')
  return (
    <Lines
      lines={endpoints.map(
        ({ role, name, protocol, vip, ports }) => `${role} ${name}: ${protocol} ${vip ?? ''}:${portsText(ports)}`,
      )}
    />
  )
}

/** Endpoints of single instances have ports one after another. */
function portsText(ports: readonly number[]): string {
  const [first, last] = [ports[0], ports.at(-1)]
  return first === last ? `${first}` : `${first}–${last}`
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  const styles = useStyles()
  return (
    <ul className={styles.list}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
