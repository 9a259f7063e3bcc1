@echo off
rem Serves an exported model; --help tells all. JAVA_OPTS has options of the virtual machine.
setlocal
if defined JAVA_HOME (set "java=%JAVA_HOME%\bin\java.exe") else (set "java=java")
"%java%" %JAVA_OPTS% -jar "%~dp0..\lib\recurrent-service.jar" %*
exit /b %ERRORLEVEL%
