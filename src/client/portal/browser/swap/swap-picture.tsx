import { Card, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Deployment as DeploymentAnswer } from '../../../../front-end/contract/wire/deployment.ts'
import { deploymentOf, type Slot } from '../../../service-management/answers.ts'

type Answer = DeploymentAnswer | undefined

const useStyles = makeStyles({
  slots: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 20rem), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  terms: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    margin: 0,
    overflowWrap: 'anywhere',
  },
  term: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0 },
  name: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
})

/** Which deployment has each slot's address now, and which will have it. */
export function SwapPicture({ production, staging }: { readonly production: Answer; readonly staging: Answer }) {
  const styles = useStyles()
  return (
    <div className={styles.slots}>
      <SlotCard slot="Production" now={production} next={staging} />
      <SlotCard slot="Staging" now={staging} next={production} />
    </div>
  )
}

function SlotCard({ slot, now, next }: { readonly slot: Slot; readonly now: Answer; readonly next: Answer }) {
  const styles = useStyles()
  const { t } = useTranslation(['swap', 'form'])
  const title = t(`slots.${slot}`, { ns: 'summary' })
  const { url, vip } = now ? deploymentOf(now) : {}
  return (
    <Card role="group" aria-label={title}>
      <Subtitle2 as="h3">{title}</Subtitle2>
      <dl className={styles.terms}>
        <dt className={styles.term}>{t('address')}</dt>
        <dd className={styles.value}>{[url, vip].filter(Boolean).join(' · ') || t('none')}</dd>
        <dt className={styles.term}>{t('now')}</dt>
        <dd className={styles.value}>
          <Named answer={now} />
        </dd>
        <dt className={styles.term}>{t('then')}</dt>
        <dd className={styles.value}>
          <Named answer={next} />
        </dd>
      </dl>
    </Card>
  )
}

function Named({ answer }: { readonly answer: Answer }) {
  const styles = useStyles()
  const { t } = useTranslation('swap')
  if (!answer) return t('none')
  const { label, name } = deploymentOf(answer)
  return (
    <>
      <Text weight="semibold">{label}</Text>
      <div className={styles.name}>{name}</div>
    </>
  )
}
