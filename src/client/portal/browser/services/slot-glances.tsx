import { makeStyles, TableCell, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Deployment } from '../../../service-management/answers.ts'
import { useManagement } from '../connection/connection.tsx'
import { readyCount } from '../summary/groups.ts'
import { StateMark } from '../summary/state-mark.tsx'
import { deploymentMark } from '../summary/status-word.ts'

const useStyles = makeStyles({
  glance: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground3 },
})

/** How often the slots in the list are looked at, in milliseconds: a stream has room for few paths, and this is a glance. */
const glanceMs = 3_000

/** Both slots of a service in its row, production first. */
export function SlotGlances({ service }: { readonly service: string }) {
  const management = useManagement()
  const { data } = useQuery({
    queryKey: ['glance', service],
    queryFn: async () => (await management.service(service))?.deployments ?? [],
    staleTime: glanceMs,
    refetchInterval: glanceMs,
  })
  return (
    <>
      <TableCell>{data && <Glance deployment={data.find(({ slot }) => slot === 'Production')} />}</TableCell>
      <TableCell>{data && <Glance deployment={data.find(({ slot }) => slot === 'Staging')} />}</TableCell>
    </>
  )
}

function Glance({ deployment }: { readonly deployment: Deployment | undefined }) {
  const styles = useStyles()
  const { t } = useTranslation('services')
  if (!deployment) return <span className={styles.quiet}>{t('slotEmpty')}</span>
  const { status, instances } = deployment
  const word = t(`deploymentStatus.${status as 'Running'}`, { ns: 'summary', defaultValue: status })
  return (
    <span className={styles.glance}>
      <StateMark mark={deploymentMark(status)} />
      {t('slotGlance', { status: word, ready: readyCount(instances), all: instances.length })}
    </span>
  )
}
