rem For the original; startup.sh stands in for it here.
%windir%\system32\inetsrv\appcmd.exe set config -section:httpCompression /+"dynamicTypes.[mimeType='application/json',enabled='True']" /commit:apphost
if %errorlevel% equ 183 exit /b 0
exit /b %errorlevel%
