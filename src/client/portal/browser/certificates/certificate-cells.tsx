import { makeStyles, TableCell, TableHeaderCell, Text, tokens } from '@fluentui/react-components'
import { WarningRegular } from '@fluentui/react-icons'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useTime } from '../shell/time.ts'
import { readCertificate } from './read-certificate.ts'

const useStyles = makeStyles({
  thumbprintColumn: { width: '24rem' },
  timeColumn: { width: '13rem' },
  thumbprint: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  subject: { overflowWrap: 'anywhere' },
  expired: {
    display: 'inline-flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalXS,
    color: tokens.colorStatusDangerForeground1,
  },
})

/** Headings of `CertificateCells`. */
export function CertificateColumns() {
  const styles = useStyles()
  const { t } = useTranslation('certificates')
  return (
    <>
      <TableHeaderCell>{t('subject')}</TableHeaderCell>
      <TableHeaderCell className={styles.timeColumn}>{t('validUntil')}</TableHeaderCell>
      <TableHeaderCell className={styles.thumbprintColumn}>{t('thumbprint')}</TableHeaderCell>
    </>
  )
}

/** What a row of a table shows of a certificate; of one that cannot be read its thumbprint alone. */
export function CertificateCells({
  thumbprint,
  der,
}: {
  readonly thumbprint: string
  readonly der: Uint8Array | undefined
}) {
  const styles = useStyles()
  const { t } = useTranslation('certificates')
  const time = useTime()
  const facts = useMemo(() => der && readCertificate(der), [der])
  const isExpired = facts !== undefined && facts.validUntil <= Date.now()
  return (
    <>
      <TableCell className={styles.subject}>{facts?.subject ?? t('unreadable')}</TableCell>
      <TableCell>
        {facts && !isExpired && time(facts.validUntil)}
        {facts && isExpired && (
          <Text className={styles.expired}>
            <WarningRegular aria-hidden />
            {t('expired', { time: time(facts.validUntil) })}
          </Text>
        )}
      </TableCell>
      <TableCell className={styles.thumbprint}>{thumbprint}</TableCell>
    </>
  )
}
