import {
  Badge,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Switch,
  Text,
  tokens,
} from '@fluentui/react-components'
import { CheckmarkCircleRegular, ErrorCircleRegular, InfoRegular, WarningRegular } from '@fluentui/react-icons'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Finding, hinders, type Verdict } from '../../../../service-model/findings/finding.ts'
import type { ExaminedPackageAnswer } from '../../protocol.ts'
import { narrow } from '../shell/navigation.tsx'
import { orderedFindings, overlayFiles, worthSaying } from './findings-order.ts'

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0 },
  findings: { margin: 0, padding: 0, display: 'flex', flexDirection: 'column', overflowWrap: 'anywhere' },
  finding: {
    display: 'grid',
    gridTemplateColumns: '9rem minmax(0, 1fr)',
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
    gap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalS} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
  code: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
})

const looks: Readonly<
  Record<Verdict, { readonly color: 'success' | 'informative' | 'warning' | 'danger'; readonly icon: ReactElement }>
> = {
  asIs: { color: 'success', icon: <CheckmarkCircleRegular /> },
  recipe: { color: 'success', icon: <CheckmarkCircleRegular /> },
  wine: { color: 'informative', icon: <InfoRegular /> },
  passedOver: { color: 'informative', icon: <InfoRegular /> },
  needsOverlay: { color: 'danger', icon: <WarningRegular /> },
  cannotRun: { color: 'danger', icon: <ErrorCircleRegular /> },
}

/** What doctor says of a package: what will happen to it here, and what is in the way. */
export function Findings({ of: { findings, warnings } }: { readonly of: ExaminedPackageAnswer }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const [isAll, setIsAll] = useState(false)
  const hindrances = findings.filter(hinders).length
  const shown = orderedFindings(findings).filter((finding) => isAll || worthSaying(finding))
  return (
    <div className={styles.all}>
      <MessageBar intent={hindrances > 0 ? 'error' : 'success'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t(hindrances > 0 ? 'hindered' : 'runs', { count: hindrances })}</MessageBarTitle>
        </MessageBarBody>
      </MessageBar>
      <OverlayAdvice files={overlayFiles(findings)} />
      {shown.length > 0 && (
        <ul className={styles.findings} aria-label={t('findings')}>
          {shown.map((finding, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- a package has many findings that are alike.
            <FindingItem key={place} finding={finding} />
          ))}
        </ul>
      )}
      <Switch label={t('allFindings')} checked={isAll} onChange={(_, { checked }) => setIsAll(checked)} />
      <Warnings warnings={warnings} />
    </div>
  )
}

function OverlayAdvice({ files }: { readonly files: readonly string[] }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  if (files.length === 0) return null
  return (
    <div>
      <Text>{t('overlay')}</Text>
      <ul className={styles.list}>
        {files.map((file) => (
          <li key={file} className={styles.code}>
            {file}
          </li>
        ))}
      </ul>
    </div>
  )
}

function FindingItem({ finding }: { readonly finding: Finding }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const { role, subject, name, verdict, reason, file } = finding
  const { color, icon } = looks[verdict]
  return (
    <li className={styles.finding}>
      <div>
        <Badge appearance="tint" color={color} icon={icon}>
          {t(`verdicts.${verdict}`)}
        </Badge>
      </div>
      <div>
        <Text weight="semibold">
          {role === '' ? t('service') : role} · {t(`subjects.${subject}`)}
        </Text>
        {name !== '' && name !== role && <div className={styles.code}>{name}</div>}
        <div lang="en">{reason}</div>
        {file !== undefined && (
          <div>
            {t('write')} <span className={styles.code}>{file}</span>
          </div>
        )}
      </div>
    </li>
  )
}

/** Sentences that stop nothing, unless warnings are treated as errors. */
export function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  if (warnings.length === 0) return null
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('warnings', { count: warnings.length })}</MessageBarTitle>
        <ul className={styles.list} lang="en">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </MessageBarBody>
    </MessageBar>
  )
}
