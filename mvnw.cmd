@echo off
rem Runs the Maven that .mvn\wrapper\maven-wrapper.properties names; the first time it fetches and verifies it.
rem Needs a JDK (17 or newer), nothing else. The files of Maven go to %USERPROFILE%\.m2\wrapper, or to
rem %MAVEN_USER_HOME%\wrapper; MVNW_REPOURL names a mirror of Maven Central.
setlocal

set "wrapper=%~dp0.mvn\wrapper"
for /f "usebackq tokens=1,* delims==" %%a in ("%wrapper%\maven-wrapper.properties") do (
    if "%%a"=="distributionUrl" set "url=%%b"
    if "%%a"=="distributionSha256Sum" set "sha256=%%b"
)
for %%u in ("%url%") do set "name=%%~nu"
set "name=%name:-bin=%"
if defined MVNW_REPOURL call set "url=%MVNW_REPOURL%/org/apache/maven/%%url:*/org/apache/maven/=%%"

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"

set "home=%MAVEN_USER_HOME%"
if not defined home set "home=%USERPROFILE%\.m2"
set "maven=%home%\wrapper\dists\%name%\%sha256:~0,16%"

if exist "%maven%\bin\mvn.cmd" goto run
"%java%" %MAVEN_OPTS% "%wrapper%\InstallMaven.java" "%url%" "%sha256%" "%maven%"
if errorlevel 1 (
    echo mvnw: Maven is not installed; it takes a JDK 17 or newer, java=%java% 1>&2
    exit /b 1
)

:run
"%maven%\bin\mvn.cmd" %*
