import { makeStyles, Spinner, Subtitle1, Text, tokens } from '@fluentui/react-components'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useHosts } from '../connection/live.ts'
import { PageTitle } from '../shell/page-title.tsx'
import { byFaultDomain } from './cores.ts'
import { DrainDialog } from './drain-dialog.tsx'
import { HostBox } from './host-box.tsx'
import { HostEvents } from './host-events.tsx'
import { usePlaced } from './use-placed.ts'

const useStyles = makeStyles({
  domains: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(18rem, 100%), 1fr))',
    gap: tokens.spacingHorizontalXL,
  },
  domain: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0 },
})

/** The hosts by fault domain, with their cores and what runs on them. */
export function Component() {
  const styles = useStyles()
  const { t } = useTranslation('hosts')
  const { value: hosts, isKnown } = useHosts()
  const placedOf = usePlaced(hosts ?? [])
  const [asked, setAsked] = useState<{ readonly host: string; readonly action: 'drain' | 'endDrain' }>()
  const close = useCallback(() => setAsked(undefined), [])
  return (
    <>
      <PageTitle>{t('title')}</PageTitle>
      {!isKnown && <Spinner label={t('loading', { ns: 'shell' })} />}
      <Text>{t('about')}</Text>
      <div className={styles.domains}>
        {byFaultDomain(hosts ?? []).map(({ faultDomain, hosts }) => (
          <section key={faultDomain} className={styles.domain}>
            <Subtitle1 as="h2">{t('faultDomain', { number: faultDomain })}</Subtitle1>
            {hosts.map((host) => (
              <HostBox
                key={host.name}
                host={host}
                placed={host.instances.map(placedOf)}
                ask={(action) => setAsked({ host: host.name, action })}
              />
            ))}
          </section>
        ))}
      </div>
      <HostEvents />
      {asked && <DrainDialog {...asked} onClose={close} />}
    </>
  )
}
