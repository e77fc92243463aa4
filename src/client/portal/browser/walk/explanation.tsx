import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Progress } from '../../../service-management/updates.ts'
import { StageIcon } from './stage-icon.tsx'
import { stageMarks } from './stage-marks.ts'
import type { Stage } from './stages.ts'

const useStyles = makeStyles({
  text: { maxWidth: '75ch' },
  key: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalL,
    listStyleType: 'none',
    padding: 0,
    marginBottom: 0,
    marginTop: tokens.spacingVerticalXS,
  },
  entry: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
})

const shown = [
  'waits',
  'leaves',
  'stops',
  'starts',
  'busy',
  'settles',
  'done',
  'fails',
] as const satisfies readonly Stage[]

interface ExplanationProps {
  readonly update: NonNullable<Progress['update']>
  readonly settleMs: number
  readonly isOpen: boolean
}

/** What an upgrade domain is, for who sees one for the first time. */
export function Explanation({ update: { kind, mode }, settleMs, isOpen }: ExplanationProps) {
  const styles = useStyles()
  const { t } = useTranslation('walk')
  return (
    <Accordion collapsible defaultOpenItems={isOpen ? 'explanation' : []}>
      <AccordionItem value="explanation">
        <AccordionHeader as="h3" size="small">
          {t('explain.title')}
        </AccordionHeader>
        <AccordionPanel>
          <Text as="p" block className={styles.text}>
            {mode === 'Simultaneous' ? t('explain.simultaneous') : t(`explain.${kind}`, { settle: settleMs / 1_000 })}{' '}
            {mode === 'Manual' && t('explain.manual')}
          </Text>
          <ul className={styles.key}>
            {shown.map((stage) => (
              <li key={stage} className={styles.entry}>
                <StageIcon mark={stageMarks[stage]} />
                <Text size={200}>{t(`stage.${stage}`)}</Text>
              </li>
            ))}
          </ul>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  )
}
