/* Of told_rules.h: the sentences of data/precautions/practices-2019.yaml. */
/* DHS19-1 */
T("Cut the internet connection of the control device while flying",
  "Corte la conexión a internet del aparato de control durante el vuelo")
T("{0} to {1} while the aircraft was in the air ({2} sent{3}).",
  "{0} a {1} con la aeronave en el aire ({2} enviados{3}).")
T("While the aircraft was in the air, nothing in the captures went to an address outside that the policy does not "
  "allow.",
  "Con la aeronave en el aire, nada de lo capturado fue a una dirección de fuera que la política no permita.")
T("The control device was connected to the internet during the flight: {0}.",
  "El aparato de control estaba conectado a internet durante el vuelo: {0}.")
T("This evidence does not show whether the control device was off line during the flight.",
  "Esta evidencia no muestra si el aparato de control estaba sin conexión durante el vuelo.")
T("Switch mobile data and Wi-Fi internet off before take-off, or allow in the policy what has to be reached in the "
  "air.",
  "Apague los datos móviles y el internet por Wi-Fi antes del despegue, o permita en la política lo que deba "
  "alcanzarse en el aire.")
T("recommended actions as reported", "acciones recomendadas, según lo publicado")
/* DHS19-2 */
T("Take the cards out of aircraft and controller before connecting or storing them",
  "Saque las tarjetas de la aeronave y del mando antes de conectarlos o guardarlos")
T("No photo or video was on the device as it was found, or a custody record of the cards is among the evidence.",
  "No había fotos ni vídeos en el aparato tal como se halló, o hay entre la evidencia un registro de custodia de las "
  "tarjetas.")
T("Photos or videos were on the device as it was found, or a person states that cards stay in it.",
  "Había fotos o vídeos en el aparato tal como se halló, o una persona declara que las tarjetas se quedan dentro.")
T("This evidence does not show whether the cards were taken out.",
  "Esta evidencia no muestra si se sacaron las tarjetas.")
T("Take the cards out, then image the aircraft's and the controller's storage, or keep a record of the cards.",
  "Saque las tarjetas y después haga una imagen de la memoria de la aeronave y del mando, o lleve un registro de las "
  "tarjetas.")
/* DHS19-3 */
T("Know whether the maker stores or forwards your data to servers outside your organisation",
  "Sepa si el fabricante guarda sus datos o los reenvía a servidores ajenos a su organización")
T("{0} were addressed to {1} ({2}; {3}; country of the owner: {4}), a server of the maker that the policy does not "
  "name.",
  "{0} se dirigieron a {1} ({2}; {3}; país del dueño: {4}), un servidor del fabricante que la política no nombra.")
T("{0} of the maker ({1} sent) in the captures, all of them known to you by the policy.",
  "{0} del fabricante ({1} enviados) en las capturas, todos conocidos por usted según la política.")
T("Data was addressed to servers of the maker that the policy does not name: {0}.",
  "Se dirigieron datos a servidores del fabricante que la política no nombra: {0}.")
T("{0} of the maker ({1} sent) in the evidence, which does not tell whether these are all, and known.",
  "{0} del fabricante ({1} enviados) en la evidencia, que no dice si son todos, ni si usted los conoce.")
T("Look at the destinations of the report, and name in the policy those of the maker that you know of.",
  "Mire los destinos del informe, y nombre en la política los del fabricante que usted conozca.")
/* DHS19-4 */
T("Know where the system comes from before you buy it", "Sepa de dónde viene el sistema antes de comprarlo")
T("The evidence {0}.", "La evidencia {0}.")
T("The makers that the evidence names are those that the policy lists as looked into.",
  "Los fabricantes que nombra la evidencia son los que la política da por examinados.")
T("The evidence names a maker that the policy does not list, or another than the inventory does.",
  "La evidencia nombra un fabricante que no está en la política, o uno distinto del que dice el inventario.")
T("This evidence does not show where the system comes from, or whether that was looked into.",
  "Esta evidencia no muestra de dónde viene el sistema, ni si se examinó.")
T("Look into the maker's country and its suppliers, and list the maker in the policy (assessed_makers).",
  "Examine el país del fabricante y a sus proveedores, y añada el fabricante a la política (assessed_makers).")
/* BUL-1 */
T("Activate with a neutral department account, and expect the position to leave at activation",
  "Active con una cuenta neutra del departamento, y cuente con que la posición sale al activar")
T("{0} was told to {1} ({2}).", "{0}: se comunicó a {1} ({2}).")
T("{0} was told to {1}.", "{0}: se comunicó a {1}.")
T("The activation could be read; it names no account outside your own, and no known position was found in it.",
  "La activación se pudo leer; no nombra ninguna cuenta ajena a las suyas, y no se halló en ella ninguna posición "
  "conocida.")
T("A personal account or a known position was told at activation, or in the header of a log.",
  "Al activar, o en la cabecera de un registro, se comunicó una cuenta personal o una posición conocida.")
T("This evidence does not show with which account, and where, the drone was activated.",
  "Esta evidencia no muestra con qué cuenta, ni dónde, se activó el dron.")
T("Activate with an account of the department, at a place that tells nothing, and capture it.",
  "Active con una cuenta del departamento, en un lugar que no revele nada, y captúrelo.")
T("chapter 9.2", "capítulo 9.2")
/* BUL-2 */
T("Use no personal social accounts; switch media sharing off",
  "No use cuentas sociales personales; apague el uso compartido de medios")
T("Data {0}.", "Datos: {0}.")
T("Nothing in the captures is addressed to a sharing service or a social account, and no app has a kit for it.",
  "Nada en las capturas se dirige a un servicio para compartir ni a una cuenta social, y ninguna aplicación lleva un "
  "kit para ello.")
T("Sharing services or social accounts were contacted, or an app has a kit for it.",
  "Se contactó con servicios para compartir o cuentas sociales, o una aplicación lleva un kit para ello.")
T("No sharing service was seen, but not enough of the flight was captured to rely on that.",
  "No se vio ningún servicio para compartir, pero no se capturó bastante del vuelo para confiar en ello.")
T("Log out of social accounts, switch sharing off in the app, and capture a flight again.",
  "Cierre las sesiones de cuentas sociales, apague el uso compartido en la aplicación, y capture otro vuelo.")
/* BUL-3 */
T("Use a fresh or wiped phone without SIM card and without other use",
  "Use un teléfono nuevo o borrado, sin tarjeta SIM ni otro uso")
T("The phone {0}.", "El teléfono {0}.")
T("The phone has no SIM card, no account and no app besides those that the policy names.",
  "El teléfono no tiene tarjeta SIM, ni cuentas, ni más aplicaciones que las que la política nombra.")
T("The phone has a SIM card, or is used for other things, too.",
  "El teléfono tiene tarjeta SIM, o se usa también para otras cosas.")
T("This evidence does not show whether the phone has no SIM card and no other use.",
  "Esta evidencia no muestra si el teléfono carece de tarjeta SIM y de otro uso.")
T("Take a wiped phone without SIM card, install nothing but the drone's app, and audit what its tools print.",
  "Tome un teléfono borrado y sin tarjeta SIM, no instale más que la aplicación del dron, y audite lo que imprimen "
  "sus herramientas.")
/* BUL-4 */
T("Clear cards, internal storage, controller and phone regularly",
  "Vacíe con regularidad tarjetas, memoria interna, mando y teléfono")
T("Older than {0} days{1}: {2}; the oldest is of {3}.", "Más antiguos que {0} días{1}: {2}; el más antiguo es del {3}.")
T("{0} found ({1} among them), none older than {2} days.",
  "Se hallaron {0} ({1} entre ellos), ninguno de más de {2} días.")
T("Flights, photos or videos older than {0} days were left on the card or phone.",
  "Quedaban en la tarjeta o el teléfono vuelos, fotos o vídeos de más de {0} días.")
T("This evidence does not show whether cards and phones are cleared.",
  "Esta evidencia no muestra si se vacían las tarjetas y los teléfonos.")
T("Copy what you must keep, clear the card, phone and controller, and audit the card again.",
  "Copie lo que deba conservar, vacíe la tarjeta, el teléfono y el mando, y audite la tarjeta de nuevo.")
/* BUL-5 */
T("Keep the drone and its controller off internal networks", "Mantenga el dron y su mando fuera de las redes internas")
T("Nothing in the captures reaches an internal network, or looks for one.",
  "Nada en las capturas alcanza una red interna ni busca una.")
T("Equipment in the captures was in contact with an internal network, or with neighbours in its own.",
  "Equipo de las capturas tuvo contacto con una red interna, o con vecinos de la suya.")
T("No contact with an internal network was seen, but the evidence does not suffice to rely on that.",
  "No se vio contacto con ninguna red interna, pero la evidencia no basta para confiar en ello.")
T("Give drone equipment a network of its own, without a route to internal ones.",
  "Dé al equipo del dron una red propia, sin ruta hacia las internas.")
/* BUL-6 */
T("Weigh what an update does before you install it", "Valore qué hace una actualización antes de instalarla")
T("As the evidence shows, {0}.", "Como muestra la evidencia: {0}.")
T("No update was fetched in what was captured, and each change of version was approved.",
  "En lo capturado no se descargó ninguna actualización, y cada cambio de versión estaba aprobado.")
T("Software was fetched during the flight, or its version changed without an approval.",
  "Se descargaron programas durante el vuelo, o su versión cambió sin aprobación.")
T("This evidence does not show that updates are weighed before they are installed.",
  "Esta evidencia no muestra que las actualizaciones se valoren antes de instalarlas.")
T("Switch automatic updates off, name in the policy who decides about them, and what was approved.",
  "Apague las actualizaciones automáticas, nombre en la política quién decide sobre ellas y qué se aprobó.")
/* BUL-7 */
T("Read the user agreement and learn who receives the data", "Lea el contrato de uso y sepa quién recibe los datos")
T("{0} states, on {1}, that this is not so.", "{0} declara, el {1}, que no es así.")
T("The agreement that a person read is among the evidence.",
  "El contrato que leyó una persona está entre la evidencia.")
T("A person states that this is not so.", "Una persona declara que no es así.")
T("This evidence does not show it.", "Esta evidencia no lo muestra.")
T("Read the agreement, and name who did, and the SHA-256 of its text, in the policy (attestations).",
  "Lea el contrato, y nombre en la política quién lo leyó y el SHA-256 de su texto (attestations).")
/* BUL-8 */
T("Find out which third parties have access to the drone's data",
  "Averigüe qué terceros tienen acceso a los datos del dron")
T("Data {0}, of {1}, a third party that the policy does not know.",
  "Datos: {0}, de {1}, un tercero que la política no conoce.")
T("{0} of third parties in the captures and {1} of kits in apps; the policy knows all of them.",
  "{0} de terceros en las capturas y {1} de kits en aplicaciones; la política los conoce todos.")
T("Third parties that the policy does not know were addressed, or have a kit in an app.",
  "Se enviaron datos dirigidos a terceros que la política no conoce, o que tienen un kit en una aplicación.")
T("{0} of third parties in the evidence, which does not tell whether these are all, and known.",
  "{0} de terceros en la evidencia, que no dice si son todos, ni si se conocen.")
T("Look into each third party of the report, and list those you accept in the policy.",
  "Examine cada tercero del informe, y añada a la política los que acepte.")
/* BUL-9 */
T("Have a policy on what third parties may collect and keep",
  "Tenga normas sobre lo que los terceros pueden recoger y guardar")
T("The dated policy that a person answers for is among the evidence.",
  "Las normas fechadas de las que responde una persona están entre la evidencia.")
T("Write such a policy, and name who answers for it, its date, and its SHA-256 in the attestations.",
  "Escriba esas normas, y nombre quién responde de ellas, su fecha y su SHA-256 en las declaraciones (attestations).")
/* BP19-A1 */
T("The device that fetches or installs drone software stays off the enterprise network",
  "El aparato que descarga o instala programas del dron no entra en la red de la organización")
T("{0}, which fetched or has drone software, {1}.", "{0}, que descargó o tiene programas del dron: {1}.")
T("The devices that fetched drone software were in contact with no internal network.",
  "Los aparatos que descargaron programas del dron no tuvieron contacto con ninguna red interna.")
T("A device that fetched or has drone software is also in an internal network.",
  "Un aparato que descargó o tiene programas del dron está también en una red interna.")
T("This evidence does not show over which network drone software is fetched.",
  "Esta evidencia no muestra por qué red se descargan los programas del dron.")
T("Fetch software over a network that has no route to internal ones, and capture it.",
  "Descargue los programas por una red sin ruta hacia las internas, y captúrelo.")
T("Installation and Use of UAS Software and Firmware", "Instalación y uso de software y firmware de UAS")
/* BP19-A2 */
T("Take software only from sources whose identity is checked",
  "Tome programas solo de fuentes cuya identidad se compruebe")
T("The software in this evidence came from sources that were checked, or carries the signature that the policy "
  "states.",
  "Los programas de esta evidencia vinieron de fuentes comprobadas, o llevan la firma que dice la política.")
T("Software came from a source that was not checked, or its signature is not the right one.",
  "Hay programas de una fuente no comprobada, o su firma no es la debida.")
T("No software was seen being fetched, or it is not known who signed it.",
  "No se vio descargar ningún programa, o no se sabe quién lo firmó.")
T("Take software from the maker's own site over HTTPS or a store, and state the maker's certificate in the policy.",
  "Tome los programas del sitio del fabricante por HTTPS o de una tienda, y ponga en la política el certificado del "
  "fabricante.")
/* BP19-A3 */
T("Use a separate computer for software sites; manage the security of mobile devices",
  "Use un ordenador aparte para los sitios de descarga; administre la seguridad de los dispositivos móviles")
T("The phones in the evidence are managed, and no equipment of the drone was seen fetching software.",
  "Los teléfonos de la evidencia están administrados, y no se vio que equipo del dron descargase programas.")
T("A phone is not managed, or equipment of the drone fetches software itself.",
  "Un teléfono no está administrado, o el propio equipo del dron descarga programas.")
T("This evidence does not show whether phones are managed and a separate computer is used.",
  "Esta evidencia no muestra si los teléfonos están administrados y se usa un ordenador aparte.")
T("Enrol the phone with your device management, and audit what its tools print (dumpsys device_policy).",
  "Dé de alta el teléfono en su administración de dispositivos, y audite lo que imprimen sus herramientas (dumpsys "
  "device_policy).")
/* BP19-A4 */
T("Compare installers with known hashes, and check their signatures",
  "Compare los instaladores con resúmenes (hash) conocidos, y compruebe sus firmas")
T("The hashes of the installers in this evidence are those that the policy lists.",
  "Los resúmenes (hash) de los instaladores de esta evidencia son los que da la política.")
T("An installer has another hash than the policy lists, or its signature is not valid.",
  "Un instalador tiene otro resumen (hash) que el que da la política, o su firma no es válida.")
T("No installer that the policy lists was given.", "No se dio ningún instalador que esté en la política.")
T("List the hashes that the maker publishes in the policy, and audit the installer before you use it.",
  "Ponga en la política los resúmenes (hash) que publica el fabricante, y audite el instalador antes de usarlo.")
/* BP19-A5 */
T("Scan files with an up-to-date antivirus program", "Examine los ficheros con un antivirus al día")
T("The record of a scan is among the evidence; it found nothing.",
  "El registro de un examen está entre la evidencia; no halló nada.")
T("A scan found something, or its signatures were old.", "Un examen halló algo, o sus firmas eran antiguas.")
T("This evidence has no record of a scan.", "Esta evidencia no tiene registro de ningún examen.")
T("Scan the software with an up-to-date antivirus program, and add what it prints to the evidence.",
  "Examine los programas con un antivirus al día, y añada a la evidencia lo que imprima.")
/* BP19-A6 */
T("Leave out what the install does not need: default options, extras, permissions",
  "Deje fuera lo que la instalación no necesita: opciones por defecto, extras, permisos")
T("{0} ({1} of this kind).", "{0} ({1} de este tipo).")
T("The drone's apps on the phone were granted no more than the policy lists as needed.",
  "A las aplicaciones del dron en el teléfono no se les concedió más de lo que la política da por necesario.")
T("More was granted or installed than the policy lists as needed.",
  "Se concedió o se instaló más de lo que la política da por necesario.")
T("This evidence does not show what was granted, or not what is needed.",
  "Esta evidencia no muestra qué se concedió, o no qué se necesita.")
T("Withdraw permissions that are not needed, and audit what the phone prints (dumpsys package).",
  "Retire los permisos que no hagan falta, y audite lo que imprime el teléfono (dumpsys package).")
/* BP19-A7 */
T("Have counsel look at the licence agreement", "Haga que la asesoría jurídica revise el contrato de licencia")
T("The agreement that counsel reviewed is among the evidence.",
  "El contrato que revisó la asesoría jurídica está entre la evidencia.")
T("Have counsel read the agreement, and name who did, and the SHA-256 of its text, in the policy (attestations).",
  "Haga leer el contrato a su asesoría jurídica, y nombre en la política quién lo leyó y el SHA-256 de su texto "
  "(attestations).")
/* BP19-A8 */
T("Keep a firewall on, and look for unusual traffic after an installation",
  "Tenga encendido un cortafuegos, y busque tráfico inusual tras una instalación")
T("A firewall is on, and nothing beyond the baseline of the policy was addressed.",
  "Hay un cortafuegos encendido, y no se contactó con nada fuera de la base de la política.")
T("A firewall is off, or destinations beyond the baseline of the policy were addressed.",
  "Un cortafuegos está apagado, o se contactó con destinos fuera de la base de la política.")
T("This evidence does not show whether a firewall is on and traffic stays within a baseline.",
  "Esta evidencia no muestra si hay un cortafuegos encendido y el tráfico se queda en una base.")
T("Switch the firewall on, state your baseline (allowed_destinations), and capture traffic after each installation.",
  "Encienda el cortafuegos, declare su base (allowed_destinations), y capture el tráfico tras cada instalación.")
/* BP19-A9 */
T("Watch for updates, and try them apart before use",
  "Esté atento a las actualizaciones, y pruébelas aparte antes de usarlas")
T("The software in use is of a version that was tested before.",
  "Los programas en uso son de una versión que se probó antes.")
T("Software in use was not tested before, or changes by itself.",
  "Hay programas en uso que no se probaron antes, o que cambian por sí solos.")
T("This evidence does not show whether software was tested before use.",
  "Esta evidencia no muestra si los programas se probaron antes de usarlos.")
T("Test a new version on a spare device, and enter it with the day of the test in the policy (approved_software).",
  "Pruebe cada versión nueva en un aparato de reserva, y anótela en la política con el día de la prueba "
  "(approved_software).")
/* BP19-B1 */
T("Encrypt the link to the aircraft", "Cifre el enlace con la aeronave")
T("The drone's network is protected by WPA2 with AES, or better.",
  "La red del dron está protegida con WPA2 y AES, o mejor.")
T("The link to the aircraft can be listened to.", "El enlace con la aeronave se puede escuchar.")
T("This evidence does not show how the link to the aircraft is protected.",
  "Esta evidencia no muestra cómo está protegido el enlace con la aeronave.")
T("Switch the drone's Wi-Fi to WPA2 (AES) or WPA3, and capture its beacons again.",
  "Ponga la Wi-Fi del dron en WPA2 (AES) o WPA3, y capture sus balizas de nuevo.")
T("Securing UAS Operations", "Seguridad de las operaciones con UAS")
/* BP19-B2 */
T("The name of the drone's network must not tell make or operation",
  "El nombre de la red del dron no debe decir marca ni operación")
T("The name of the network {0} tells {1}.", "El nombre de la red {0} dice {1}.")
T("The name of the drone's network tells neither make nor operation.",
  "El nombre de la red del dron no dice ni marca ni operación.")
T("The name of the drone's network tells the make or the operation.",
  "El nombre de la red del dron dice la marca o la operación.")
T("The drone's network was not heard, or it is not known which it is.",
  "No se oyó la red del dron, o no se sabe cuál es.")
T("Rename the drone's network to something that tells nothing, and capture its beacons again.",
  "Dé a la red del dron un nombre que no diga nada, y capture sus balizas de nuevo.")
/* BP19-B3 */
T("Use a long key for the drone's network, change it often, never use it twice",
  "Use una clave larga para la red del dron, cámbiela a menudo, no la use dos veces")
T("The key of the network is long and not a factory's.  How often it is changed is not in the evidence.",
  "La clave de la red es larga y no es de fábrica. Cada cuánto se cambia no está en la evidencia.")
T("The key of the network is a factory's, or too short.", "La clave de la red es de fábrica, o demasiado corta.")
T("This evidence does not show what kind of key the network has.",
  "Esta evidencia no muestra qué clase de clave tiene la red.")
T("Give the network a long random key, and audit the configuration of its access point.",
  "Dé a la red una clave larga y al azar, y audite la configuración de su punto de acceso.")
/* BP19-B4 */
T("Do not broadcast the name of the drone's network", "No emita el nombre de la red del dron")
T("The drone's network tells its name, {0}, in {1}.", "La red del dron dice su nombre, {0}, en {1}.")
T("The beacons of the drone's network do not tell its name.", "Las balizas de la red del dron no dicen su nombre.")
T("The beacons of the drone's network tell its name.", "Las balizas de la red del dron dicen su nombre.")
T("The drone's beacons were not heard, or it is not known which they are.",
  "No se oyeron balizas del dron, o no se sabe cuáles son.")
T("Hide the name of the drone's network, and capture its beacons again.",
  "Oculte el nombre de la red del dron, y capture sus balizas de nuevo.")
/* BP19-B5 */
T("Use a device without external connections, or cut the internet during operation",
  "Use un aparato sin conexiones externas, o corte internet durante la operación")
T("{0} to {1} while the aircraft was in the air ({2} sent).", "{0} a {1} con la aeronave en el aire ({2} enviados).")
T("Nothing in the captures left for an address outside while the aircraft was in the air.",
  "Nada en las capturas salió hacia una dirección de fuera con la aeronave en el aire.")
T("There were connections to the outside during the flight: {0}.", "Hubo conexiones hacia fuera durante el vuelo: {0}.")
T("This evidence does not show whether there were connections to the outside during the flight.",
  "Esta evidencia no muestra si hubo conexiones hacia fuera durante el vuelo.")
T("Fly with the internet switched off, and capture the flight again.",
  "Vuele con internet apagado, y capture el vuelo de nuevo.")
/* BP19-B6 */
T("Analyse traffic during selected operations", "Analice el tráfico durante operaciones escogidas")
T("Captures cover {0} of {1} in the air.", "Las capturas abarcan {0} de {1} en el aire.")
T("Captures cover {0} of the time in the air, or the whole of one flight.",
  "Las capturas abarcan el {0} del tiempo en el aire, o un vuelo entero.")
T("Captures cover {0} of the time in the air, and no flight as a whole.",
  "Las capturas abarcan el {0} del tiempo en el aire, y ningún vuelo entero.")
T("This evidence does not show that traffic is analysed during operations.",
  "Esta evidencia no muestra que se analice el tráfico durante las operaciones.")
T("Capture the controller's or phone's network from before take-off until after landing.",
  "Capture la red del mando o del teléfono desde antes del despegue hasta después del aterrizaje.")
/* BP19-B7 */
T("Run the control app in a sandbox", "Ejecute la aplicación de control en un entorno aislado")
T("The drone's app is installed in a work profile only.",
  "La aplicación del dron está instalada solo en un perfil de trabajo.")
T("The drone's app is installed outside a work profile.",
  "La aplicación del dron está instalada fuera de un perfil de trabajo.")
T("This evidence does not show whether the drone's app runs in a container.",
  "Esta evidencia no muestra si la aplicación del dron se ejecuta en un contenedor.")
T("Install the app in a work profile or managed container, and audit what the phone prints (dumpsys package).",
  "Instale la aplicación en un perfil de trabajo o contenedor administrado, y audite lo que imprime el teléfono "
  "(dumpsys package).")
/* BP19-C1 */
T("Move data through a stand-alone computer", "Traslade los datos por un ordenador aislado")
T("Data was moved by a device that talks to nobody outside, or a person's record of it is among the evidence.",
  "Los datos los trasladó un aparato que no habla con nadie de fuera, o hay entre la evidencia un registro de una "
  "persona.")
T("Data was moved by a device that is connected to the outside.",
  "Los datos los trasladó un aparato conectado con el exterior.")
T("This evidence does not show how data is moved from the drone.",
  "Esta evidencia no muestra cómo se trasladan los datos desde el dron.")
T("Read cards on a computer without network, and capture its network port meanwhile to show it.",
  "Lea las tarjetas en un ordenador sin red, y capture mientras tanto su puerto de red para mostrarlo.")
T("Data Storage and Transfer", "Almacenamiento y transferencia de datos")
/* BP19-C2 */
T("Run firewall and antivirus on the computer that handles the data",
  "Tenga cortafuegos y antivirus en el ordenador que trata los datos")
T("The {0}{1} of the computer is off.", "Está apagado en el ordenador: {0}{1}.")
T("Firewall and antivirus program of the computer are on.",
  "El cortafuegos y el antivirus del ordenador están encendidos.")
T("Firewall or antivirus program of the computer is off.", "El cortafuegos o el antivirus del ordenador está apagado.")
T("This evidence does not show whether the computer has firewall and antivirus program on.",
  "Esta evidencia no muestra si el ordenador tiene cortafuegos y antivirus encendidos.")
T("Switch both on, and add what the computer prints of them to the evidence.",
  "Encienda ambos, y añada a la evidencia lo que el ordenador imprime de ellos.")
/* BP19-C3 */
T("Encrypt data at rest and in transit", "Cifre los datos guardados y en tránsito")
T("What was found at rest is encrypted, and no content left in clear text.",
  "Lo que se halló guardado está cifrado, y ningún contenido salió sin cifrar.")
T("Data can be read at rest or on its way.", "Hay datos que se pueden leer guardados o en el camino.")
T("This evidence does not show whether data is encrypted at rest and in transit.",
  "Esta evidencia no muestra si los datos se cifran guardados y en tránsito.")
T("Encrypt cards and phones where the equipment can, and move files over encrypted connections only.",
  "Cifre tarjetas y teléfonos donde el equipo pueda, y traslade ficheros solo por conexiones cifradas.")
/* BP19-C4 */
T("Erase data from the drone and its cards after each use",
  "Borre los datos del dron y de sus tarjetas después de cada uso")
T("{0} of before the last mission ({1}) were left; the oldest is of {2}.",
  "Quedaban {0} de antes de la última misión ({1}); el más antiguo es del {2}.")
T("{0} found, none of before the last mission.  Deleted files were not looked for.",
  "Se hallaron {0}, ninguno de antes de la última misión. No se buscaron ficheros borrados.")
T("Data of before the last mission was left on the card or phone.",
  "Quedaban en la tarjeta o el teléfono datos de antes de la última misión.")
T("This evidence does not show whether data is erased after use.",
  "Esta evidencia no muestra si se borran los datos después del uso.")
T("Copy what you must keep, erase the card after each mission, and audit it again.",
  "Copie lo que deba conservar, borre la tarjeta después de cada misión, y audítela de nuevo.")
/* BP19-C5 */
T("Report incidents and vulnerabilities", "Comunique incidentes y vulnerabilidades")
T("The report that a person made to the authority is among the evidence.",
  "La comunicación que hizo una persona a la autoridad está entre la evidencia.")
T("Report what you found (report.cisa.gov), and name who did, and the SHA-256 of the report, in the policy "
  "(attestations).",
  "Comunique lo que halló (report.cisa.gov), y nombre en la política quién lo hizo y el SHA-256 de la comunicación "
  "(attestations).")
/* SYD-1 */
T("Check origin and privacy policy before buying", "Compruebe el origen y la política de privacidad antes de comprar")
T("The privacy policy that a person checked is among the evidence.",
  "La política de privacidad que revisó una persona está entre la evidencia.")
T("Read the privacy policy, and name who did, and the SHA-256 of its text, in the policy (attestations).",
  "Lea la política de privacidad, y nombre en la política quién la leyó y el SHA-256 de su texto (attestations).")
T("whole document", "todo el documento")
/* SYD-2 */
T("Opt out of personal data that is not needed; protect the maker's account",
  "Rechace los datos personales que no hagan falta; proteja la cuenta del fabricante")
T("What left could be read, and held no personal data that leash knows of.",
  "Lo que salió se pudo leer, y no contenía datos personales que leash conozca.")
T("Personal data left, addressed to others.", "Salieron datos personales, dirigidos a otros.")
T("This evidence does not show whether personal data leaves, or how the account is protected.",
  "Esta evidencia no muestra si salen datos personales, ni cómo está protegida la cuenta.")
T("Opt out in the app and in the account, and capture a flight with content that can be read.",
  "Rechácelos en la aplicación y en la cuenta, y capture un vuelo con contenido que pueda leerse.")
/* SYD-3 */
T("Run current firmware and app versions from reputable sources",
  "Use firmware y aplicaciones en su versión actual, de fuentes de confianza")
T("The versions in this evidence are those that the policy names.",
  "Las versiones de esta evidencia son las que nombra la política.")
T("A version in this evidence is not the one that the policy names, or has a known weakness.",
  "Una versión de esta evidencia no es la que nombra la política, o tiene un fallo conocido.")
T("This evidence does not show whether versions are current.",
  "Esta evidencia no muestra si las versiones son actuales.")
T("Look up the newest versions at the maker, enter them in the policy (approved_software), and update.",
  "Consulte al fabricante las versiones más nuevas, anótelas en la política (approved_software), y actualice.")
/* SYD-4 */
T("Limit the permissions of apps", "Limite los permisos de las aplicaciones")
T("{0}, which the policy does not allow.", "{0}, que la política no permite.")
T("The drone's apps have no permission for places, people, sound, pictures or files beyond those that the policy "
  "allows.",
  "Las aplicaciones del dron no tienen más permisos de lugar, personas, sonido, imágenes o ficheros que los que la "
  "política permite.")
T("An app has permissions that the policy does not allow.", "Una aplicación tiene permisos que la política no permite.")
T("This evidence does not show which permissions apps have, or not which are allowed.",
  "Esta evidencia no muestra qué permisos tienen las aplicaciones, o no cuáles se permiten.")
T("Withdraw the permissions in the phone's settings, and state in the policy those that are needed.",
  "Retire los permisos en los ajustes del teléfono, y ponga en la política los que hagan falta.")
/* SYD-5 */
T("Set the return-to-home point, and watch for false satellite positions",
  "Fije el punto de regreso al origen, y vigile las posiciones de satélite falsas")
T("The position of the aircraft jumped further than 100 m and faster than it can fly ({0} in one flight).",
  "La posición de la aeronave saltó más de 100 m y más deprisa de lo que puede volar ({0} en un vuelo).")
T("The logs hold a return-to-home point for each flight, and no jump of the position.",
  "Los registros tienen un punto de regreso al origen de cada vuelo, y ningún salto de la posición.")
T("The position of the aircraft jumped, as it does when satellite signals are false or lost.",
  "La posición de la aeronave saltó, como ocurre cuando las señales de satélite son falsas o se pierden.")
T("This evidence does not show whether return-to-home was set and positions were sound.",
  "Esta evidencia no muestra si se fijó el regreso al origen y las posiciones eran buenas.")
T("Look at the flight's path where it jumps, and fly again with return-to-home set.",
  "Mire la ruta del vuelo donde salta, y vuele de nuevo con el regreso al origen fijado.")
/* SYD-6 */
T("Control the sharing of live video, camera and microphone",
  "Controle la difusión de vídeo en directo, cámara y micrófono")
T("{0} set up live video or sound with {1} ({2}, {3} sent).",
  "{0} estableció vídeo o sonido en directo con {1} ({2}, {3} enviados).")
T("No live stream (RTMP, RTSP, SRT, WebRTC) to the outside was seen in the captures.",
  "En las capturas no se vio ninguna emisión en directo (RTMP, RTSP, SRT, WebRTC) hacia fuera.")
T("Live streams went to the outside: {0}.", "Salieron emisiones en directo: {0}.")
T("No live stream was seen, but not enough of the flight was captured to rely on that.",
  "No se vio ninguna emisión en directo, pero no se capturó bastante del vuelo para confiar en ello.")
T("Switch live streams off in the app, or allow in the policy where they may go.",
  "Apague las emisiones en directo en la aplicación, o permita en la política adónde pueden ir.")
/* SYD-7 */
T("Delete data after the flight; wipe before disposal",
  "Borre los datos después del vuelo; límpielo todo antes de desecharlo")
T("{0} left on the card or phone as it was found.", "Quedaban {0} en la tarjeta o el teléfono tal como se halló.")
T("No flight log, photo or video was left on the card or phone.  Deleted files were not looked for.",
  "No quedaba ningún registro de vuelo, foto ni vídeo en la tarjeta o el teléfono. No se buscaron ficheros borrados.")
T("Flight logs, photos or videos were left on the card or phone.",
  "Quedaban registros de vuelo, fotos o vídeos en la tarjeta o el teléfono.")
T("This evidence does not show whether data is deleted after the flight.",
  "Esta evidencia no muestra si los datos se borran después del vuelo.")
T("Copy what you must keep, wipe the card or phone, and audit an image of the whole.",
  "Copie lo que deba conservar, borre la tarjeta o el teléfono, y audite una imagen del conjunto.")
