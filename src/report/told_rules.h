/* What the rules of the catalogue (data/precautions) say, told again: T(English, Spanish), as in told_table.h, which includes
 * this.  The holes of the catalogue ({bytes|size}, {destination} ...) are numbered in their order.  test/report/told.py holds this
 * table against the catalogue. */
T("a network capture (pcap) of the controller or phone", "una captura de red (pcap) del mando o del teléfono")
T("the flight log of the captured flight, so that the time in the air is known",
  "el registro de vuelo del vuelo capturado, para conocer el tiempo en el aire")
T("a capture of the controller's or phone's network during the flight: captures cover {0} of {1} in the air, and the "
  "policy asks for {2}{3}",
  "una captura de la red del mando o del teléfono durante el vuelo: las capturas abarcan {0} de {1} en el aire, y la "
  "política pide {2}{3}")
T("a capture without losses: {0} of what left are not in it",
  "una captura sin pérdidas: {0} de lo que salió no están en ella")
T("a capture that begins before the connections do, so that it holds the names behind the addresses: {0} went to "
  "addresses without name or owner",
  "una captura que empiece antes que las conexiones, para que contenga los nombres que hay tras las direcciones: {0} "
  "fueron a direcciones sin nombre ni dueño")
T("who owns {0} that leash does not know (operator_hosts or allowed_destinations in the policy)",
  "el dueño de {0} que leash no conoce (operator_hosts o allowed_destinations en la política)")
T("the owner's or the place's country of {0} (a location database: --geoip)",
  "el país del dueño o del lugar de {0} (una base de datos de lugares: --geoip)")
T("the third parties you have looked into, in the policy (known_third_parties)",
  "los terceros que usted ha examinado, en la política (known_third_parties)")
T("the countries that the privacy terms name, in the policy (declared_countries)",
  "los países que nombran las condiciones de privacidad, en la política (declared_countries)")
T("your own host and mail names, in the policy (operator_hosts)",
  "sus propios nombres de servidores y de correo, en la política (operator_hosts)")
T("a flight log, photo or radio capture that names the aircraft",
  "un registro de vuelo, una foto o una captura de radio que nombre la aeronave")
T("the maker of {0} aircraft that the evidence leaves open",
  "el fabricante de {0} aeronaves que la evidencia deja sin determinar")
T("a capture of the device while it fetches or installs drone software",
  "una captura del aparato mientras descarga o instala programas del dron")
T("a capture of drone software being fetched, or the app package itself",
  "una captura de la descarga de programas del dron, o el propio paquete de la aplicación")
T("who weighed the {0} fetched from {1} before installing (an attestation in the policy)",
  "quién valoró {0} descargadas de {1} antes de instalarlas (una declaración en la política)")
T("that the files are the card or phone as it was found, in the policy (stored_evidence)",
  "que los ficheros son la tarjeta o el teléfono tal como se hallaron, en la política (stored_evidence)")
T("the date of {0}", "la fecha de {0}")
T("the flight logs", "los registros de vuelo")
T("the log folders of the app and the aircraft after a flight in the mode",
  "las carpetas de registros de la aplicación y de la aeronave tras un vuelo en ese modo")
T("a capture made while the mode was on", "una captura hecha con el modo activado")
T("a capture per app (PCAPdroid), to tell whether the drone's app or another one addressed {0}",
  "una captura por aplicación (PCAPdroid), para saber si fue la aplicación del dron u otra la que se dirigió a {0}")
T("the files of the card, the phone or the controller, best as an archive or image of the whole",
  "los ficheros de la tarjeta, el teléfono o el mando, mejor como archivo o imagen del conjunto")
T("an archive or image of the whole card or storage, so that nothing is left out",
  "un archivo o imagen de toda la tarjeta o memoria, para que nada quede fuera")
T("the software that you approved, with its versions, in the policy (approved_software)",
  "los programas que usted aprobó, con sus versiones, en la política (approved_software)")
T("the permissions that the drone's apps need, in the policy (allowed_permissions)",
  "los permisos que necesitan las aplicaciones del dron, en la política (allowed_permissions)")
T("a radio capture of the drone's Wi-Fi, and the address of its radio in the policy (inventory, mac) unless its name "
  "tells the make: {0} heard, none of them known to be the drone's",
  "una captura de radio de la red Wi-Fi del dron, y la dirección de su radio en la política (inventory, mac) salvo "
  "que su nombre diga la marca: se oyeron {0}, y de ninguna consta que sea la del dron")
T("{0} whose code can be read", "{0} cuyo código pueda leerse")
T("whether you know of {0} of the maker that data was addressed to, in the policy (allowed_destinations, or the "
  "owner's name in known_third_parties)",
  "si usted conoce {0} del fabricante a los que se dirigieron datos, en la política (allowed_destinations, o el "
  "nombre del dueño en known_third_parties)")
T("who approved {0} of version between the logs, in the policy (approved_software)",
  "quién aprobó {0} de versión entre los registros, en la política (approved_software)")
T("a capture of the activation of the aircraft", "una captura de la activación de la aeronave")
T("the hashes of installers that are known to be good, in the policy (approved_software, sha256)",
  "los resúmenes (hash) de los instaladores que constan como buenos, en la política (approved_software, sha256)")
T("the maker's signing certificate for {0}, in the policy (approved_software, signer)",
  "el certificado de firma del fabricante para {0}, en la política (approved_software, signer)")
T("what the phone's tools say of its SIM card, apps and accounts (getprop, pm list packages, dumpsys account)",
  "lo que las herramientas del teléfono dicen de su tarjeta SIM, sus aplicaciones y sus cuentas (getprop, pm list "
  "packages, dumpsys account)")
T("which apps the phone is meant to have, in the policy (approved_software)",
  "qué aplicaciones debe tener el teléfono, en la política (approved_software)")
T("who vouches for a strong password and a second factor on the maker's account (an attestation in the policy)",
  "quién responde de una contraseña fuerte y un segundo factor en la cuenta del fabricante (una declaración en la "
  "política)")
T("the role of the device that fetched software, in the policy (inventory, mac and role)",
  "la función del aparato que descargó programas, en la política (inventory, mac y role)")
T("the positions of {0}, which are encrypted or missing", "las posiciones de {0}, que están cifradas o faltan")
T("a capture made during the flight", "una captura hecha durante el vuelo")
T("who read the user agreement (an attestation in the policy), and its text among the evidence",
  "quién leyó el contrato de uso (una declaración en la política), y su texto entre la evidencia")
T("who answers for a policy on third parties (an attestation in the policy), and its text among the evidence",
  "quién responde de unas normas sobre terceros (una declaración en la política), y su texto entre la evidencia")
T("who of your counsel looked at the agreement (an attestation in the policy), and its text among the evidence",
  "quién de su asesoría jurídica revisó el contrato (una declaración en la política), y su texto entre la evidencia")
T("who reported what was found (an attestation in the policy), and the report among the evidence",
  "quién comunicó lo que se halló (una declaración en la política), y el informe entre la evidencia")
T("who checked the privacy policy before buying (an attestation in the policy), and its text among the evidence",
  "quién revisó la política de privacidad antes de comprar (una declaración en la política), y su texto entre la "
  "evidencia")
T("an image of the storage of aircraft and controller as they were found (stored_evidence in the policy), or a "
  "record of the cards with an attestation",
  "una imagen de la memoria de la aeronave y del mando tal como se hallaron (stored_evidence en la política), o un "
  "registro de las tarjetas con una declaración")
T("the makers of {0} of the bill of materials", "los fabricantes de {0} de la lista de materiales")
T("a capture of drone software being fetched, the app package itself, or a phone's list of packages that names a "
  "known store",
  "una captura de la descarga de programas del dron, el propio paquete de la aplicación, o la lista de paquetes de "
  "un teléfono que nombre una tienda conocida")
T("what the phone prints of its management (dumpsys device_policy, pm list users)",
  "lo que el teléfono imprime de su administración (dumpsys device_policy, pm list users)")
T("the installer itself (app package or firmware file)",
  "el propio instalador (paquete de aplicación o fichero de firmware)")
T("what the antivirus program printed when it scanned the software",
  "lo que imprimió el programa antivirus al examinar los programas")
T("what the phone prints of the permissions of the drone's apps (dumpsys package)",
  "lo que el teléfono imprime de los permisos de las aplicaciones del dron (dumpsys package)")
T("the app package, or what the phone prints of the permissions of the drone's apps (dumpsys package)",
  "el paquete de la aplicación, o lo que el teléfono imprime de los permisos de las aplicaciones del dron (dumpsys "
  "package)")
T("what the computer or gateway prints of its firewall", "lo que el ordenador o la pasarela imprime de su cortafuegos")
T("which version of the software in use was tested when, in the policy (approved_software, tested)",
  "qué versión de los programas en uso se probó y cuándo, en la política (approved_software, tested)")
T("evidence of the versions in use, and the newest of each in the policy: {0} not listed ({1})",
  "evidencia de las versiones en uso, y la más nueva de cada una en la política: {0} sin listar ({1})")
T("the configuration of the access point, as it prints it", "la configuración del punto de acceso, tal como la imprime")
T("what the phone prints of its users and of the drone's app (pm list users, dumpsys package), of one phone at a time",
  "lo que el teléfono imprime de sus usuarios y de la aplicación del dron (pm list users, dumpsys package), de un "
  "solo teléfono cada vez")
T("a capture of the computer while it moves the drone's data",
  "una captura del ordenador mientras traslada los datos del dron")
T("what the computer prints of its firewall and of its antivirus program",
  "lo que el ordenador imprime de su cortafuegos y de su programa antivirus")
T("the return-to-home point of {0}, which the log does not have",
  "el punto de regreso al origen de {0}, que el registro no tiene")
T("beacons of the drone's network that tell how it is protected",
  "balizas de la red del dron que digan cómo está protegida")
T("beacons of the drone's network", "balizas de la red del dron")
T("encrypted logs, or what the phone says of its storage (getprop)",
  "registros cifrados, o lo que el teléfono dice de su almacenamiento (getprop)")
T("the flight log of the captured flight (or the aircraft's broadcasts), and captures of the controller's or phone's "
  "network that cover it: they cover {0} of {1} in the air, and the policy asks for {2}",
  "el registro de vuelo del vuelo capturado (o las emisiones de la aeronave), y capturas de la red del mando o del "
  "teléfono que lo abarquen: abarcan {0} de {1} en el aire, y la política pide {2}")
T("a flight log, photo or radio capture with the serial number of the aircraft",
  "un registro de vuelo, una foto o una captura de radio con el número de serie de la aeronave")
T("your list of equipment, in the policy (inventory) or as a document",
  "su lista de equipos, en la política (inventory) o como documento")
T("the software that you approved, in the policy (approved_software)",
  "los programas que usted aprobó, en la política (approved_software)")
T("the versions that you know to be vulnerable, in the policy (known_vulnerabilities)",
  "las versiones que usted sabe vulnerables, en la política (known_vulnerabilities)")
T("an app package, a firmware, a package list of the phone or a bill of materials, with versions",
  "un paquete de aplicación, un firmware, una lista de paquetes del teléfono o una lista de materiales, con versiones")
T("the version of {0} of software", "la versión de {0} de software")
T("an app package, a firmware, or a package list of the phone",
  "un paquete de aplicación, un firmware o una lista de paquetes del teléfono")
T("the app package of the control app, or the package list of the phone",
  "el paquete de la aplicación de control, o la lista de paquetes del teléfono")
T("the list of installed packages of each phone and controller (adb shell pm list packages)",
  "la lista de paquetes instalados de cada teléfono y mando (adb shell pm list packages)")
T("the bill of materials that the maker supplies (CycloneDX or SPDX)",
  "la lista de materiales que entrega el fabricante (CycloneDX o SPDX)")
T("the whole output of the firewall's tool, so that its default outward can be told",
  "la salida completa de la herramienta del cortafuegos, para saber qué hace por defecto hacia fuera")
T("when you audited before, in the policy (audits)", "cuándo hizo usted auditorías anteriores, en la política (audits)")
T("up to which day data was transferred, or that cards are empty, in the policy (storage)",
  "hasta qué día se transfirieron los datos, o que las tarjetas están vacías, en la política (storage)")
T("whether cards and phones are encrypted (storage in the policy, or adb shell getprop of the phone)",
  "si las tarjetas y los teléfonos están cifrados (storage en la política, o adb shell getprop del teléfono)")
T("what protocol {0} were sent in", "con qué protocolo se enviaron {0}")
T("a capture with the controller's own encrypted traffic in it",
  "una captura que contenga el tráfico cifrado del propio mando")
T("the maker's country of {0}", "el país del fabricante de {0}")
T("a hardware bill of materials that lists the flight controller, the radio and the camera",
  "una lista de materiales del hardware que incluya el controlador de vuelo, la radio y la cámara")
T("a bill of materials whose parts are of the FCC's classes (flight controller, radio, camera ...)",
  "una lista de materiales cuyas piezas sean de las clases de la FCC (controlador de vuelo, radio, cámara...)")
T("the country of {0}", "el país de {0}")
T("who made {0} (its signer names no country)", "quién hizo {0} (su firmante no nombra ningún país)")
T("who owns the name of {0}, and from which country", "de quién es el nombre de {0}, y desde qué país")
T("an address database that knows who holds the network of {0}",
  "una base de datos de direcciones que sepa de quién es la red de {0}")
T("the place of {0} (a location database, --geoip)", "el lugar de {0} (una base de datos de lugares, --geoip)")
T("a capture in which the app uses all that its code names: {0} in it of owners in CN were not seen in traffic",
  "una captura en la que la aplicación use todo lo que su código nombra: {0} de él, de dueños en CN, no se vieron en "
  "el tráfico")
T("{0} aircraft of the evidence in your inventory", "{0} aeronaves de la evidencia en su inventario")
T("the maker or country of {0} of the inventory", "el fabricante o el país de {0} del inventario")
T("when {0} of the inventory was acquired", "cuándo se adquirieron {0} del inventario")
T("whether federal money paid for the aircraft of {0} (funding in the inventory)",
  "si se pagó con dinero federal la aeronave de {0} (funding en el inventario)")
T("since when the FCC authorises the model of {0} aircraft (authorised in the inventory)",
  "desde cuándo autoriza la FCC el modelo de {0} aeronaves (authorised en el inventario)")
T("your sensitive areas, in the policy (sensitive_areas)", "sus zonas sensibles, en la política (sensitive_areas)")
T("the path of each flight (logs whose records are not encrypted)",
  "la ruta de cada vuelo (registros cuyos asientos no estén cifrados)")
T("the SHA-256 of the release that you tested, and when, in the policy (approved_software)",
  "el SHA-256 de la versión que usted probó, y cuándo, en la política (approved_software)")
T("which version you tested, and when, in the policy (approved_software)",
  "qué versión probó usted, y cuándo, en la política (approved_software)")
T("flight logs that state the app's version", "registros de vuelo que indiquen la versión de la aplicación")
T("a radio capture in which the aircraft's own network was heard",
  "una captura de radio en la que se oyera la red de la propia aeronave")
T("photos whose EXIF data say where the aircraft stored them",
  "fotos cuyos datos EXIF digan dónde las guardó la aeronave")
T("who vouches for the maker's corporate cyber hygiene (attestations in the policy)",
  "quién responde de la higiene informática de la empresa fabricante (attestations en la política)")
T("whether the map switch was on (--label \"local data mode, maps on\")",
  "si el interruptor de los mapas estaba activado (--label \"local data mode, maps on\")")
T("a capture of the moment at which the mode is switched on (--phase \"switch=FROM..TO\")",
  "una captura del momento en que se activa el modo (--phase \"switch=FROM..TO\")")
T("what these still need: {0}", "lo que estas aún necesitan: {0}")
T("who vouches for the log-in of each account (attestations in the policy, and the record itself as evidence)",
  "quién responde del inicio de sesión de cada cuenta (attestations en la política, y el propio registro como "
  "evidencia)")
T("the certificate of the product (Blue UAS or Green UAS) as evidence, and its SHA-256 with the attestation",
  "el certificado del producto (Blue UAS o Green UAS) como evidencia, y su SHA-256 con la declaración")
T("who vouches for the training (attestations in the policy, and the record itself as evidence)",
  "quién responde de la formación (attestations en la política, y el propio registro como evidencia)")
T("the custody record of the storage media as evidence, and its SHA-256 with the attestation",
  "el registro de custodia de los soportes de datos como evidencia, y su SHA-256 con la declaración")
T("the custody record of batteries, media and equipment as evidence, and its SHA-256 with the attestation",
  "el registro de custodia de baterías, soportes y equipos como evidencia, y su SHA-256 con la declaración")
T("evidence that leash can read", "evidencia que leash pueda leer")
T("which aircraft flew {0}", "qué aeronave hizo {0}")
T("the control app's package, signed and readable", "el paquete de la aplicación de control, firmado y legible")
/* clear-upload */
T("{0} of content were addressed to {1} ({2}) over plain HTTP in {3}. None of the known values was found in it; "
  "anybody on the way could read it.",
  "{0} de contenido se dirigieron a {1} ({2}) por HTTP sin cifrar en {3}. No se halló en él ninguno de los valores "
  "conocidos; cualquiera en el camino podía leerlo.")
/* clear-request */
T("{0} to {1} ({2}) over plain HTTP: anybody on the way could read what was asked for.",
  "{0} a {1} ({2}) por HTTP sin cifrar: cualquiera en el camino podía leer lo que se pedía.")
/* unreadable-in-flight */
T("{0} that cannot be read were addressed to {1} ({2}) in connections that were open during the flight.",
  "{0} que no se pueden leer se dirigieron a {1} ({2}) en conexiones abiertas durante el vuelo.")
/* countries-disagree */
T("{0}: the owner's country ({1}), the address registry's ({2}) and the place's ({3}) are not the same.",
  "{0}: el país del dueño ({1}), el del registro de direcciones ({2}) y el del lugar ({3}) no son el mismo.")
/* serial-broadcast */
T("{0} was broadcast: the number of the aircraft itself, the same in every flight, by which whoever listens knows it "
  "again. A session id would not be.",
  "Se emitió {0}: el número de la propia aeronave, el mismo en cada vuelo, por el que quien escucha la reconoce. Un "
  "identificador de sesión no lo sería.")
/* droneid-beside-remote-id */
T("DJI's own DroneID was sent beside Remote ID. It is asked for by no rule, and tells more: the home point, the "
  "phone's or controller's position, and a number of the account or device.",
  "Junto a Remote ID se emitió el DroneID propio de DJI. No lo pide ninguna norma, y dice más: el punto de origen, "
  "la posición del teléfono o del mando, y un número del aparato o de la cuenta.")
/* broadcast-odd */
T("What was broadcast is odd in {0}: {1}.", "Lo emitido es anómalo en {0}: {1}.")
/* POL-DESTINATIONS */
T("Nothing is sent but to the destinations that the policy allows",
  "No se envía nada salvo a los destinos que la política permite")
T("{0} in {1} were addressed to {2} ({3}), which the policy does not allow.",
  "{0} en {1} se dirigieron a {2} ({3}), que la política no permite.")
T("What the captures hold is addressed to destinations that the policy allows: {0}.",
  "Lo que contienen las capturas se dirige a destinos que la política permite: {0}.")
T("Data was addressed to destinations that the policy does not allow: {0}.",
  "Se dirigieron datos a destinos que la política no permite: {0}.")
T("This evidence does not show whether only allowed destinations are addressed.",
  "Esta evidencia no muestra si solo se usan destinos permitidos.")
T("The policy does not say where equipment may send to.", "La política no dice adónde puede enviar el equipo.")
T("Block the destination at the gateway, or allow it in the policy if it is needed.",
  "Bloquee el destino en la pasarela, o permítalo en la política si hace falta.")
/* POL-COUNTRY-OPERATOR */
T("Nothing is sent to owners whose headquarters are in a country that the policy forbids",
  "No se envía nada a dueños con sede en un país que la política prohíbe")
T("{0} were addressed to {1} ({2}); the owner's country is {3}, which the policy forbids.",
  "{0} se dirigieron a {1} ({2}); el país del dueño es {3}, que la política prohíbe.")
T("the countries of owners that are out, in the policy (forbidden_countries)",
  "los países de dueños excluidos, en la política (forbidden_countries)")
T("No owner of a destination in the captures is from a country that the policy forbids.",
  "Ningún dueño de un destino de las capturas es de un país que la política prohíba.")
T("Owners in countries that the policy forbids were addressed: {0}.",
  "Se enviaron datos dirigidos a dueños en países que la política prohíbe: {0}.")
T("This evidence does not tell the owners' countries of all destinations.",
  "Esta evidencia no dice los países de los dueños de todos los destinos.")
T("The policy forbids no country of owners.", "La política no prohíbe ningún país de dueños.")
/* POL-COUNTRY-REGISTRY */
T("Nothing is sent to addresses that are registered in a country that the policy forbids",
  "No se envía nada a direcciones registradas en un país que la política prohíbe")
T("{0} were addressed to {1}; its address is registered in {2}, which the policy forbids.",
  "{0} se dirigieron a {1}; su dirección está registrada en {2}, que la política prohíbe.")
T("the countries of address registrations that are out, in the policy (forbidden_countries)",
  "los países de registro de direcciones excluidos, en la política (forbidden_countries)")
T("No address in the captures is registered in a country that the policy forbids.",
  "Ninguna dirección de las capturas está registrada en un país que la política prohíba.")
T("Addresses registered in countries that the policy forbids: {0}.",
  "Direcciones registradas en países que la política prohíbe: {0}.")
T("This evidence does not tell where all addresses are registered.",
  "Esta evidencia no dice dónde están registradas todas las direcciones.")
T("The policy forbids no country of address registrations.",
  "La política no prohíbe ningún país de registro de direcciones.")
/* POL-COUNTRY-LOCATION */
T("Nothing is sent to places in a country that the policy forbids",
  "No se envía nada a lugares en un país que la política prohíbe")
T("{0} were addressed to {1}; the location database puts it in {2}, which the policy forbids.",
  "{0} se dirigieron a {1}; la base de datos de lugares lo sitúa en {2}, que la política prohíbe.")
T("the countries of places that are out, in the policy (forbidden_countries)",
  "los países de lugares excluidos, en la política (forbidden_countries)")
T("No destination in the captures is placed in a country that the policy forbids.",
  "Ningún destino de las capturas está situado en un país que la política prohíba.")
T("Destinations in countries that the policy forbids: {0}.", "Destinos en países que la política prohíbe: {0}.")
T("This evidence does not tell where all destinations are.", "Esta evidencia no dice dónde están todos los destinos.")
T("The policy forbids no country of places.", "La política no prohíbe ningún país de lugares.")
/* POL-LEAVE */
T("In each phase only what the policy names may leave", "En cada fase solo puede salir lo que la política nombra")
T("In the phase \"{0}\", {1} were addressed to {2} ({3}; {4}), which may not leave then.",
  "En la fase «{0}», {1} se dirigieron a {2} ({3}; {4}), que entonces no puede salir.")
T("what may leave in which phase, in the policy (may_leave)",
  "qué puede salir en cada fase, en la política (may_leave)")
T("In each phase that the policy names, nothing else than it lists was seen to leave.",
  "En cada fase que la política nombra no se vio salir nada más que lo que enumera.")
T("More left than the policy lists for the phase: {0}.", "Salió más de lo que la política enumera para la fase: {0}.")
T("This evidence does not tell in which phase all data left.",
  "Esta evidencia no dice en qué fase salieron todos los datos.")
T("The policy does not say what may leave in which phase.", "La política no dice qué puede salir en cada fase.")
T("Look at what was sent in that phase, and switch it off or allow it (may_leave).",
  "Mire qué se envió en esa fase, y apáguelo o permítalo (may_leave).")
/* POL-CARD */
T("Cards and phones are empty when they are put away", "Las tarjetas y los teléfonos están vacíos cuando se guardan")
T("{0} on what the policy says was found as it is.", "{0} en lo que la política dice que se halló tal cual.")
T("whether cards must be empty, in the policy (storage, card_empty)",
  "si las tarjetas deben estar vacías, en la política (storage, card_empty)")
T("No flight, photo or video was left on the card or phone.",
  "No quedaba ningún vuelo, foto ni vídeo en la tarjeta o el teléfono.")
T("Flights, photos or videos were left on the card or phone.",
  "Quedaban vuelos, fotos o vídeos en la tarjeta o el teléfono.")
T("This evidence does not show whether the card or phone was empty.",
  "Esta evidencia no muestra si la tarjeta o el teléfono estaba vacío.")
T("The policy does not ask for empty cards.", "La política no pide tarjetas vacías.")
T("Copy what you must keep, clear the card, and audit it again.",
  "Copie lo que deba conservar, vacíe la tarjeta y audítela de nuevo.")
/* POL-LOGS */
T("Flight logs are not kept longer than the policy says",
  "Los registros de vuelo no se guardan más tiempo del que dice la política")
T("Older than {0} days: {1}; the oldest is of {2}.", "Más antiguos que {0} días: {1}; el más antiguo es del {2}.")
T("how long flight logs may be kept, in the policy (limits, log_age_days_max)",
  "cuánto tiempo pueden guardarse los registros de vuelo, en la política (limits, log_age_days_max)")
T("No flight log in this evidence is older than {0} days.",
  "Ningún registro de vuelo de esta evidencia tiene más de {0} días.")
T("Flight logs older than {0} days were kept.", "Se guardaban registros de vuelo de más de {0} días.")
T("This evidence does not show how long flight logs are kept.",
  "Esta evidencia no muestra cuánto tiempo se guardan los registros de vuelo.")
T("The policy does not limit the age of flight logs.", "La política no limita la antigüedad de los registros de vuelo.")
T("Move old logs to your archive, delete them from the device, and audit it again.",
  "Pase los registros antiguos a su archivo, bórrelos del aparato y audítelo de nuevo.")
/* POL-BROADCAST */
T("The drone broadcasts nothing that the policy forbids", "El dron no emite nada que la política prohíba")
T("{0}, heard {1}; the policy forbids it.", "{0}: se oyó {1}; la política lo prohíbe.")
T("what may not be broadcast, in the policy (broadcast)", "qué no puede emitirse, en la política (broadcast)")
T("Nothing that the policy forbids was heard in the radio captures.",
  "En las capturas de radio no se oyó nada que la política prohíba.")
T("The drone broadcasts what the policy forbids.", "El dron emite lo que la política prohíbe.")
T("This evidence does not show what the drone broadcasts.", "Esta evidencia no muestra qué emite el dron.")
T("The policy forbids no broadcast.", "La política no prohíbe ninguna emisión.")
T("Change the drone's settings where the law lets you, or allow it in the policy.",
  "Cambie los ajustes del dron donde la ley lo permita, o permítalo en la política.")
T("the phase of what was addressed to {0}: captures with times, and the flight log or --phase",
  "la fase de lo que se dirigió a {0}: capturas con hora, y el registro de vuelo o --phase")
T("a radio capture (Wi-Fi in monitor mode, Bluetooth) from beside the drone while it is on",
  "una captura de radio (Wi-Fi en modo monitor, Bluetooth) hecha junto al dron encendido")
T("the owner's country of {0} that leash does not know (operator_hosts or allowed_destinations in the policy)",
  "el país del dueño de {0} que leash no conoce (operator_hosts o allowed_destinations en la política)")
T("an address database that knows {0} (--geoip)", "una base de datos de direcciones que conozca {0} (--geoip)")
T("a location database that knows {0} (--geoip)", "una base de datos de lugares que conozca {0} (--geoip)")
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
/* CG24-P1 */
T("Keep drones in the security framework of the organisation, like other networked devices",
  "Mantenga los drones en el marco de seguridad de la organización, como los demás aparatos en red")
T("Every aircraft in the evidence with a serial number is in your inventory.",
  "Cada aeronave de la evidencia con número de serie está en su inventario.")
T("An aircraft in use is not among the assets that your organisation keeps.",
  "Una aeronave en uso no está entre los equipos que su organización tiene anotados.")
T("This evidence does not show whether the aircraft is kept as an asset of the organisation.",
  "Esta evidencia no muestra si la aeronave está anotada como equipo de la organización.")
T("Enter each aircraft in the inventory that your security framework works from.",
  "Anote cada aeronave en el inventario del que parte su marco de seguridad.")
T("Plan/Design", "Planificación y diseño")
/* CG24-P2 */
T("Isolate the drone's network, or segment it from others", "Aísle la red del dron, o sepárela de las otras")
T("Nothing in the captures crosses from the drone's network into another private one.",
  "Nada en las capturas pasa de la red del dron a otra privada.")
T("The drone's network is not isolated.", "La red del dron no está aislada.")
T("No traffic into another private network was seen, but not enough of the flight was captured to rely on that.",
  "No se vio tráfico hacia otra red privada, pero no se capturó bastante del vuelo para confiar en ello.")
T("Put drone equipment in a network segment of its own, with a rule that refuses all others.",
  "Ponga el equipo del dron en un segmento de red propio, con una regla que rechace todos los demás.")
/* CG24-P3 */
T("Let nothing out that is not named (zero trust)", "No deje salir nada que no esté nombrado (confianza cero)")
T("The network {0}.", "La red {0}.")
T("The firewall lets nothing out by default, and in the captures nobody answered whom the policy does not list.",
  "El cortafuegos no deja salir nada por defecto, y en las capturas no respondió nadie que la política no enumere.")
T("The network lets more out than the policy names.", "La red deja salir más de lo que nombra la política.")
T("This evidence does not show that a rule refuses what is not named, and that it works.",
  "Esta evidencia no muestra que una regla rechace lo que no está nombrado, ni que funcione.")
T("Refuse by default what goes out, name what may, and capture a flight behind that rule.",
  "Rechace por defecto lo que sale, nombre lo que puede salir, y capture un vuelo tras esa regla.")
/* CG24-P4 */
T("Use multi-factor log-in that cannot be phished",
  "Use un inicio de sesión multifactor resistente al engaño (phishing)")
T("{0} states that accounts are not protected so.", "{0} declara que las cuentas no están protegidas así.")
T("The record of it that the policy names is among the evidence.",
  "El registro de ello que nombra la política está entre la evidencia.")
T("By the policy's own statement, accounts are not protected so.",
  "Según declara la propia política, las cuentas no están protegidas así.")
T("No evidence of leash can show how people log in.",
  "Ninguna evidencia que lea leash puede mostrar cómo inician sesión las personas.")
T("Use passkeys or security keys for the maker's and your own accounts, and state in the policy who vouches.",
  "Use claves de acceso o llaves de seguridad en las cuentas del fabricante y en las suyas, y ponga en la política "
  "quién responde de ello.")
/* CG24-R1 */
T("Buy systems that are secure by design", "Compre sistemas seguros desde el diseño")
T("{0} states that the system has no such certificate.", "{0} declara que el sistema no tiene tal certificado.")
T("The certificate that the policy names is among the evidence.",
  "El certificado que nombra la política está entre la evidencia.")
T("By the policy's own statement, the system has no such certificate.",
  "Según declara la propia política, el sistema no tiene tal certificado.")
T("No certificate of the system is among the evidence.", "No hay ningún certificado del sistema entre la evidencia.")
T("Ask for the Blue UAS or Green UAS certificate, keep it with the evidence, and name it in the policy.",
  "Pida el certificado Blue UAS o Green UAS, guárdelo con la evidencia, y nómbrelo en la política.")
T("Procure", "Compra")
/* CG24-R2 */
T("Know where the equipment is made and which law governs its maker",
  "Sepa dónde se fabrica el equipo y qué ley rige a su fabricante")
T("The evidence names {0} made by {1} (headquarters: {2}); the policy does not list this maker as looked into.",
  "La evidencia nombra {0} de {1} (sede: {2}); la política no da por examinado a este fabricante.")
T("The makers of all aircraft in the evidence are listed in the policy as looked into.",
  "Los fabricantes de todas las aeronaves de la evidencia constan en la política como examinados.")
T("The evidence names a maker whom the policy does not list as looked into.",
  "La evidencia nombra un fabricante que la política no da por examinado.")
T("This evidence does not show whether the makers were looked into.",
  "Esta evidencia no muestra si se examinó a los fabricantes.")
T("Look into the maker's country and law, and list the maker in the policy (assessed_makers).",
  "Examine el país y la ley del fabricante, y añada el fabricante a la política (assessed_makers).")
/* CG24-R3 */
T("Review the privacy terms: where data is stored, and with whom it is shared",
  "Revise las condiciones de privacidad: dónde se guardan los datos y con quién se comparten")
T("{0} were addressed to {1} (owner: {2}, country of the owner: {3}, place: {4}), beyond the countries that the "
  "policy declares.",
  "{0} se dirigieron a {1} (dueño: {2}, país del dueño: {3}, lugar: {4}), fuera de los países que declara la "
  "política.")
T("Owners and places of all destinations are in the countries that the policy declares.",
  "Los dueños y lugares de todos los destinos están en los países que declara la política.")
T("Destinations beyond the declared countries were addressed: {0}.",
  "Se contactó con destinos fuera de los países declarados: {0}.")
T("This evidence does not show whether data stays with the countries of the privacy terms.",
  "Esta evidencia no muestra si los datos se quedan en los países de las condiciones de privacidad.")
T("Compare the countries of the report with the privacy terms, and state those you accept in the policy.",
  "Compare los países del informe con las condiciones de privacidad, y ponga en la política los que acepte.")
/* CG24-R4 */
T("Obtain bills of materials of software and hardware, and hold the product against them",
  "Consiga listas de materiales de software y hardware, y coteje el producto con ellas")
T("{0} ({1}) was found in the software, and the bill of materials does not list it.",
  "Se halló {0} ({1}) en los programas, y la lista de materiales no lo incluye.")
T("The bill of materials lists every part that was found in the software.",
  "La lista de materiales incluye cada pieza que se halló en los programas.")
T("The software holds parts that its bill of materials does not list.",
  "Los programas contienen piezas que su lista de materiales no incluye.")
T("No bill of materials, or no readable software to compare it with, is among the evidence.",
  "No hay entre la evidencia lista de materiales, o programas legibles con que compararla.")
T("Ask the maker for bills of materials in CycloneDX or SPDX, and audit them together with the app.",
  "Pida al fabricante listas de materiales en CycloneDX o SPDX, y audítelas junto con la aplicación.")
/* CG24-M1 */
T("Keep an inventory of hardware and software", "Lleve un inventario de hardware y software")
T("Every serial number in the evidence is in your inventory, and so is its software.",
  "Cada número de serie de la evidencia está en su inventario, y también sus programas.")
T("Equipment or software in the evidence is not in your inventory.",
  "Hay equipos o programas en la evidencia que no están en su inventario.")
T("This evidence does not tell what is in use, or the policy has no inventory to compare it with.",
  "Esta evidencia no dice qué está en uso, o la política no tiene inventario con que compararlo.")
T("Enter what the report names in the inventory, or find out whose it is.",
  "Anote en el inventario lo que nombra el informe, o averigüe de quién es.")
T("Maintain", "Mantenimiento")
/* CG24-M2 */
T("Look after known vulnerabilities", "Ocúpese de las vulnerabilidades conocidas")
T("{0} {1} is known to be vulnerable ({2}).", "{0} {1} consta como vulnerable ({2}).")
T("No version in the evidence is one that the policy knows to be vulnerable.",
  "Ninguna versión de la evidencia es una que la política conozca como vulnerable.")
T("The evidence holds software with a known vulnerability.",
  "La evidencia contiene programas con una vulnerabilidad conocida.")
T("This evidence does not tell versions, or the policy has no vulnerabilities to compare them with.",
  "Esta evidencia no dice versiones, o la política no tiene vulnerabilidades con que compararlas.")
T("Replace the versions that the report names, and keep the list in the policy up to date.",
  "Sustituya las versiones que nombra el informe, y mantenga al día la lista de la política.")
/* CG24-M3 */
T("Manage configurations and changes", "Gestione configuraciones y cambios")
T("The software in the evidence is that of the approved baseline.",
  "Los programas de la evidencia son los de la base aprobada.")
T("The software in the evidence differs from the approved baseline.",
  "Los programas de la evidencia difieren de la base aprobada.")
T("This evidence holds no software, or the policy has no baseline to compare it with.",
  "Esta evidencia no contiene programas, o la política no tiene base con que compararlos.")
T("Find out who changed what, and either go back or approve it.",
  "Averigüe quién cambió qué, y vuelva atrás o apruébelo.")
/* CG24-M4 */
T("Take firmware and patches from the maker or somebody trusted only",
  "Tome firmware y parches solo del fabricante o de alguien de confianza")
T("The software in this evidence came from the maker or somebody trusted, or is the approved release.",
  "Los programas de esta evidencia vinieron del fabricante o de alguien de confianza, o son la versión aprobada.")
T("Software came from elsewhere, or is not what was approved.",
  "Hay programas que vinieron de otra parte, o que no son lo aprobado.")
T("No software was seen being fetched, and none was given that could be compared.",
  "No se vio descargar ningún programa, ni se dio ninguno que pudiera compararse.")
T("Take updates from the maker's own site over HTTPS, and try them on a spare aircraft first.",
  "Tome las actualizaciones del sitio del fabricante por HTTPS, y pruébelas primero en una aeronave de reserva.")
/* CG24-M5 */
T("Analyse logs and check compliance from time to time",
  "Analice los registros y compruebe el cumplimiento de vez en cuando")
T("{0} ({1} days).", "{0} ({1} días).")
T("The last audit before this one was of {0}, within {1} days.",
  "La última auditoría antes de esta fue del {0}, dentro de {1} días.")
T("The last audit before this one is older than {0} days, or there is none.",
  "La última auditoría antes de esta es de hace más de {0} días, o no la hay.")
T("The policy does not say when you audited before.", "La política no dice cuándo hizo usted auditorías anteriores.")
T("Audit at regular times, keep the cases, and list them in the policy.",
  "Audite a intervalos regulares, conserve los casos, y anótelos en la política.")
/* CG24-M6 */
T("Train those who fly", "Forme a quienes vuelan")
T("{0} states that there is no such training.", "{0} declara que no hay tal formación.")
T("By the policy's own statement, there is no such training.",
  "Según declara la propia política, no hay tal formación.")
T("No evidence of leash can show who was trained.",
  "Ninguna evidencia que lea leash puede mostrar quién recibió formación.")
T("Train those who fly and maintain, and state in the policy who vouches for it.",
  "Forme a quienes vuelan y mantienen, y ponga en la política quién responde de ello.")
/* CG24-O1 */
T("Verify software and firmware versions before use", "Compruebe las versiones de software y firmware antes del uso")
T("The versions that the flight logs state are approved ones.",
  "Las versiones que indican los registros de vuelo están aprobadas.")
T("A flight was flown with a version that is not approved.", "Se voló con una versión que no está aprobada.")
T("This evidence does not tell with which versions was flown, or the policy does not say which are approved.",
  "Esta evidencia no dice con qué versiones se voló, o la política no dice cuáles están aprobadas.")
T("Compare the app's and the aircraft's versions with the approved ones before each flight.",
  "Compare las versiones de la aplicación y de la aeronave con las aprobadas antes de cada vuelo.")
T("Operate", "Operación")
T("This evidence does not show whether data is encrypted on its way and at rest.",
  "Esta evidencia no muestra si los datos se cifran en el camino y guardados.")
T("Encrypt cards and phones, and use the app's encrypted connections only.",
  "Cifre tarjetas y teléfonos, y use solo las conexiones cifradas de la aplicación.")
/* CG24-O3 */
T("Delete pictures, position history and telemetry from the aircraft after the transfer",
  "Borre imágenes, historial de posiciones y telemetría de la aeronave tras la transferencia")
T("{0} left on the card or phone as it was found, {1}.",
  "Quedaban {0} en la tarjeta o el teléfono tal como se halló, {1}.")
T("{0} found, none that should have been deleted.  Deleted files were not looked for.",
  "Se hallaron {0}, ninguno que debiera haberse borrado. No se buscaron ficheros borrados.")
T("Flight logs, photos or videos were left after the transfer.",
  "Quedaban registros de vuelo, fotos o vídeos tras la transferencia.")
T("This evidence does not show whether data is deleted after the transfer.",
  "Esta evidencia no muestra si los datos se borran tras la transferencia.")
T("Delete media, logs, thumbnails and the app's FlightRecord folder after each transfer.",
  "Borre medios, registros, miniaturas y la carpeta FlightRecord de la aplicación después de cada transferencia.")
/* CG24-O4 */
T("Take storage media out of the aircraft and lock them up",
  "Saque los soportes de datos de la aeronave y guárdelos bajo llave")
T("{0} states that storage media are not taken out and locked up.",
  "{0} declara que los soportes de datos no se sacan ni se guardan bajo llave.")
T("The custody record that the policy names is among the evidence.",
  "El registro de custodia que nombra la política está entre la evidencia.")
T("By the policy's own statement, storage media are not taken out and locked up.",
  "Según declara la propia política, los soportes de datos no se sacan ni se guardan bajo llave.")
T("No evidence of leash can show where storage media are kept.",
  "Ninguna evidencia que lea leash puede mostrar dónde se guardan los soportes de datos.")
T("Keep a custody record of each card, and name it in the policy.",
  "Lleve un registro de custodia de cada tarjeta, y nómbrelo en la política.")
/* CG24-O5 */
T("Use a VPN or other encryption on the control path", "Use una VPN u otro cifrado en la vía de control")
T("{0} to {1} by {2}, without a VPN, TLS or the like; {3} were sent.",
  "{0} a {1} por {2}, sin VPN, TLS ni similar; se enviaron {3}.")
T("{0} of what the controller sent lies within a VPN, TLS or the like.",
  "El {0} de lo que envió el mando va dentro de una VPN, TLS o similar.")
T("Part of the controller's traffic was not encrypted: {0}.", "Parte del tráfico del mando no estaba cifrada: {0}.")
T("This evidence does not show whether the control path is encrypted.",
  "Esta evidencia no muestra si la vía de control está cifrada.")
T("Run the controller's network through a VPN, and capture a flight.",
  "Lleve la red del mando por una VPN, y capture un vuelo.")
/* CG24-O6 */
T("Do not stream live to the internet", "No emita en directo a internet")
T("{0} were streamed to {1} ({2}).", "{0} se emitieron a {1} ({2}).")
T("Nothing in the captures is a live stream to a public address.",
  "Nada en las capturas es una emisión en directo a una dirección pública.")
T("A live stream left: {0}.", "Salió una emisión en directo: {0}.")
T("No live stream was seen, but the evidence does not suffice to rely on that.",
  "No se vio ninguna emisión en directo, pero la evidencia no basta para confiar en ello.")
T("Switch live streaming off, or allow the one destination that may have it in the policy.",
  "Apague la emisión en directo, o permita en la política el único destino que puede recibirla.")
/* BAA-1 */
T("Treat controller, phone and dock as points of attack", "Trate mando, teléfono y estación como puntos de ataque")
T("The equipment exchanged packets with no destination beyond those that the policy lists.",
  "El equipo no intercambió paquetes con ningún destino fuera de los que enumera la política.")
T("The equipment exchanged packets with destinations that the policy does not allow: {0}.",
  "El equipo intercambió paquetes con destinos que la política no permite: {0}.")
T("This evidence does not show whether the equipment only talks to whom it may.",
  "Esta evidencia no muestra si el equipo solo habla con quien puede.")
T("List in the policy whom your equipment may talk to, and block the rest at the gateway.",
  "Enumere en la política con quién puede hablar su equipo, y bloquee el resto en la pasarela.")
T("UAS Cybersecurity", "Ciberseguridad de UAS")
/* BAA-2 */
T("Verify every transaction, always (zero trust)", "Verifique cada transacción, siempre (confianza cero)")
/* BAA-3 */
T("Read the terms, refuse default options, run antivirus, keep off the enterprise network",
  "Lea las condiciones, rechace las opciones por defecto, use antivirus, manténgase fuera de la red de la "
  "organización")
T("By this evidence, what CISA asks of the installation of drone software (BP19-A) is met.",
  "Según esta evidencia, se cumple lo que CISA pide al instalar programas del dron (BP19-A).")
T("By this evidence, part of what CISA asks of the installation of drone software (BP19-A) is not met.",
  "Según esta evidencia, parte de lo que CISA pide al instalar programas del dron (BP19-A) no se cumple.")
T("Not all of what CISA asks of the installation of drone software (BP19-A) is shown by this evidence.",
  "Esta evidencia no muestra todo lo que CISA pide al instalar programas del dron (BP19-A).")
T("See BP19-A1 to BP19-A9.", "Véase de BP19-A1 a BP19-A9.")
/* BAA-4 */
T("Isolate, air-gap or segment networks", "Aísle, desconecte o segmente las redes")
T("Nothing in the captures reaches another private network or an internal service.",
  "Nada en las capturas alcanza otra red privada ni un servicio interno.")
T("Equipment in the captures was in contact with other private networks or internal services.",
  "Equipo de las capturas tuvo contacto con otras redes privadas o servicios internos.")
T("No contact with other private networks was seen, but the evidence does not suffice to rely on that.",
  "No se vio contacto con otras redes privadas, pero la evidencia no basta para confiar en ello.")
T("Separate the drone's network from all others, and state your internal networks in the policy.",
  "Separe la red del dron de todas las demás, y ponga en la política sus redes internas.")
/* ARMY-1 */
T("Stop using DJI products", "Deje de usar productos de DJI")
T("{0} is in the evidence ({1} of this kind).", "{0}: está en la evidencia ({1} de este tipo).")
T("The aircraft in the evidence are of other makers, and nothing of DJI was found beside them.",
  "Las aeronaves de la evidencia son de otros fabricantes, y no se halló junto a ellas nada de DJI.")
T("The evidence names DJI products.", "La evidencia nombra productos de DJI.")
T("This evidence names no aircraft, or not its maker.",
  "Esta evidencia no nombra ninguna aeronave, o no su fabricante.")
T("Ask for the memorandum's scope and exceptions before flying.",
  "Pregunte por el alcance y las excepciones del memorando antes de volar.")
T("whole memo", "todo el memorando")
/* ARMY-2 */
T("Uninstall all DJI apps", "Desinstale todas las aplicaciones de DJI")
T("The app {0}{1} is there.", "Está instalada la aplicación {0}{1}.")
T("The package list names no app of DJI, nor one known to be DJI's under another name.",
  "La lista de paquetes no nombra ninguna aplicación de DJI, ni ninguna que conste como suya con otro nombre.")
T("An app of DJI is there.", "Hay una aplicación de DJI.")
T("No list of installed packages is among the evidence.",
  "No hay entre la evidencia ninguna lista de paquetes instalados.")
T("Uninstall the apps that the report names, and audit the package list again.",
  "Desinstale las aplicaciones que nombra el informe, y audite la lista de paquetes de nuevo.")
/* ARMY-3 */
T("Remove batteries and storage media, and secure the equipment",
  "Retire baterías y soportes de datos, y ponga a salvo el equipo")
T("{0} states that it was not done.", "{0} declara que no se hizo.")
T("By the policy's own statement, batteries and media were not removed and secured.",
  "Según declara la propia política, no se retiraron ni se pusieron a salvo baterías y soportes.")
T("No evidence of leash can show where batteries and media are.",
  "Ninguna evidencia que lea leash puede mostrar dónde están las baterías y los soportes.")
T("Keep a custody record, and name it in the policy.", "Lleve un registro de custodia, y nómbrelo en la política.")
/* NAVY-1 */
T("No removable card that can be lost with the aircraft",
  "Ninguna tarjeta extraíble que pueda perderse con la aeronave")
T("{0} state a place on a card ({1}).", "{0} indican un lugar en una tarjeta ({1}).")
T("The pictures state that they were stored in the aircraft itself.",
  "Las imágenes indican que se guardaron en la propia aeronave.")
T("The pictures state a place on a card.", "Las imágenes indican un lugar en una tarjeta.")
T("This evidence does not say where the aircraft stores its data.",
  "Esta evidencia no dice dónde guarda sus datos la aeronave.")
T("Store in the aircraft where it can, or encrypt the card.",
  "Guarde en la aeronave donde se pueda, o cifre la tarjeta.")
T("risks and mitigations", "riesgos y mitigaciones")
/* NAVY-2 */
T("Assume exposure: who listens can watch pictures and telemetry",
  "Dé por hecha la exposición: quien escucha puede ver imágenes y telemetría")
T("The aircraft's network was heard, encrypted, and neither DroneID nor clear pictures or telemetry beside it.",
  "Se oyó la red de la aeronave, cifrada, y junto a ella ni DroneID ni imágenes o telemetría en claro.")
T("Pictures, telemetry or DroneID can be read by who listens.",
  "Quien escucha puede leer imágenes, telemetría o DroneID.")
T("This evidence does not show what the aircraft sends by radio.",
  "Esta evidencia no muestra qué envía la aeronave por radio.")
T("Fly as if watched, or use a link that is encrypted, and record it by radio.",
  "Vuele como si le observaran, o use un enlace cifrado, y grábelo por radio.")
/* DOI-1 */
T("The operator can lock out all sharing of device data; nothing is uploaded or fetched automatically",
  "El operador puede cerrar todo uso compartido de datos del aparato; nada se sube ni se descarga por sí solo")
T("{0} were addressed to {1} although sharing was locked.",
  "{0} se dirigieron a {1} aunque el uso compartido estaba cerrado.")
T("which part of the capture was made with sharing locked (--label \"sharing locked\", or a phase of that name)",
  "qué parte de la captura se hizo con el uso compartido cerrado (--label \"sharing locked\", o una fase con ese "
  "nombre)")
T("With sharing locked, nothing of the drone's app was seen to leave.",
  "Con el uso compartido cerrado no se vio salir nada de la aplicación del dron.")
T("With sharing locked, data was still exchanged: {0}.",
  "Con el uso compartido cerrado aún se intercambiaron datos: {0}.")
T("This evidence does not show whether the lock holds.", "Esta evidencia no muestra si el cierre funciona.")
T("The label says that sharing was not locked.", "La etiqueta dice que el uso compartido no estaba cerrado.")
T("Lock sharing, capture the app alone from power-on until after the flight has synced, and audit it with --label "
  "\"sharing locked\".",
  "Cierre el uso compartido, capture solo la aplicación desde el encendido hasta que el vuelo se haya sincronizado, "
  "y audítelo con --label \"sharing locked\".")
T("Fly without internet, and ask the maker what the app sent to the destinations of the report while sharing was "
  "locked.",
  "Vuele sin internet, y pregunte al fabricante qué envió la aplicación a los destinos del informe mientras el uso "
  "compartido estaba cerrado.")
T("Data Management Assurance", "Garantía de la gestión de datos")
/* DOI-2 */
T("Use tested firmware and apps only, and test again at every update",
  "Use solo firmware y aplicaciones probados, y pruebe de nuevo en cada actualización")
T("The software in the evidence is, byte for byte, that of tested releases.",
  "Los programas de la evidencia son, byte por byte, los de versiones probadas.")
T("The software in the evidence is not that of a tested release.",
  "Los programas de la evidencia no son los de una versión probada.")
T("This evidence holds no software, or the policy names no tested release by its SHA-256.",
  "Esta evidencia no contiene programas, o la política no nombra ninguna versión probada por su SHA-256.")
T("Test the release, keep the case of the test, and enter its SHA-256 and day in the policy.",
  "Pruebe la versión, conserve el caso de la prueba, y anote su SHA-256 y su día en la política.")
/* DOI-3 */
T("Fly only missions that are not sensitive", "Vuele solo misiones que no sean sensibles")
T("{0} of the flight of {1} lie in {2}.", "{0} del vuelo del {1} están en {2}.")
T("No flight in the evidence crosses an area that the policy calls sensitive.",
  "Ningún vuelo de la evidencia cruza una zona que la política llame sensible.")
T("A flight in the evidence crosses a sensitive area.", "Un vuelo de la evidencia cruza una zona sensible.")
T("This evidence does not show where was flown, or the policy names no areas.",
  "Esta evidencia no muestra por dónde se voló, o la política no nombra zonas.")
T("Plan flights outside the areas, or have the mission released.",
  "Planifique los vuelos fuera de las zonas, o haga autorizar la misión.")
/* DOI-4 */
T("Ground foreign-made aircraft, and such with foreign components",
  "Deje en tierra las aeronaves de fabricación extranjera y las que tengan componentes extranjeros")
T("A flight of {0} with an aircraft of {1} ({2}), after the order; exemptions are not looked at.",
  "Un vuelo del {0} con una aeronave de {1} ({2}), después de la orden; no se miran las exenciones.")
T("The flights in this evidence are by aircraft made in, or by makers of, the US.",
  "Los vuelos de esta evidencia son de aeronaves hechas en US o de fabricantes de allí.")
T("A flight after the order was by a foreign-made aircraft.",
  "Un vuelo posterior a la orden fue de una aeronave de fabricación extranjera.")
T("This evidence does not tell which aircraft flew, or when.", "Esta evidencia no dice qué aeronave voló, o cuándo.")
T("Have the flight and any exemption checked, and enter the exemption in the policy (accepted).",
  "Haga revisar el vuelo y las posibles exenciones, y anote la exención en la política (accepted).")
T("whole order", "toda la orden")
/* INL-1 */
T("Test again for each version of firmware and app; a limited test does not exclude leakage",
  "Pruebe de nuevo con cada versión de firmware y de aplicación; una prueba limitada no excluye fugas")
T("{0}: what the test found does not hold for it.", "{0}: lo que halló la prueba no vale para ella.")
T("The versions in this evidence are tested ones, and the captures cover the flight as the policy asks.",
  "Las versiones de esta evidencia están probadas, y las capturas abarcan el vuelo como pide la política.")
T("The evidence holds a version that was not tested.", "La evidencia contiene una versión que no se probó.")
T("This evidence does not tell the versions, or does not cover the flight, or the policy names no tests.",
  "Esta evidencia no dice las versiones, o no abarca el vuelo, o la política no nombra pruebas.")
T("Repeat the test with this version, and enter it in the policy with its day.",
  "Repita la prueba con esta versión, y anótela en la política con su día.")
T("limits of the test", "límites de la prueba")
/* 848-1 */
T("No aircraft made in the People's Republic of China or by a company domiciled there",
  "Ninguna aeronave hecha en la República Popular China o por una empresa domiciliada allí")
T("The evidence names an aircraft of {0}, {1}: evidence relevant to NDAA FY2020 s.848. Exemptions and waivers are "
  "not looked at.",
  "La evidencia nombra una aeronave de {0}, {1}: evidencia relevante para NDAA FY2020 s.848. No se miran exenciones "
  "ni dispensas.")
T("The aircraft in this evidence are of makers with headquarters elsewhere.  Where they were made is not in the "
  "evidence.",
  "Las aeronaves de esta evidencia son de fabricantes con sede en otra parte. Dónde se hicieron no está en la "
  "evidencia.")
T("Evidence relevant to s.848 was found, an aircraft of a maker with headquarters in CN or made there.",
  "Se halló evidencia relevante para s.848: una aeronave de un fabricante con sede en CN o hecha allí.")
T("Have the fleet's makers and any exemption checked by your counsel.",
  "Haga revisar por su asesoría jurídica los fabricantes de la flota y las posibles exenciones.")
T("s.848 (as given on the DIU policy page)", "s.848 (según la página de la política de la DIU)")
/* 848-2 */
T("No critical component from the People's Republic of China",
  "Ningún componente crítico de la República Popular China")
T("{0} of {1} ({2}) points to CN: evidence relevant to NDAA FY2020 s.848.",
  "{0} de {1} ({2}) apunta a CN: evidencia relevante para NDAA FY2020 s.848.")
T("The critical components that this evidence lists are of makers with headquarters elsewhere.",
  "Los componentes críticos que enumera esta evidencia son de fabricantes con sede en otra parte.")
T("Evidence relevant to s.848 was found, a critical component of a maker with headquarters in CN.",
  "Se halló evidencia relevante para s.848: un componente crítico de un fabricante con sede en CN.")
T("This evidence does not list the critical components, or not their makers.",
  "Esta evidencia no enumera los componentes críticos, o no sus fabricantes.")
T("Ask for the hardware bill of materials, and have it checked by your counsel.",
  "Pida la lista de materiales del hardware, y hágala revisar por su asesoría jurídica.")
/* 848-3 */
T("No ground control system or operating software developed in the People's Republic of China",
  "Ningún sistema de control en tierra ni programa de operación desarrollado en la República Popular China")
T("The app {0}: {1}; evidence relevant to NDAA FY2020 s.848.",
  "La aplicación {0}: {1}; evidencia relevante para NDAA FY2020 s.848.")
T("The apps in this evidence are by their names and signers of makers elsewhere.",
  "Las aplicaciones de esta evidencia son, por sus nombres y firmantes, de fabricantes de otra parte.")
T("Evidence relevant to s.848 was found, software of a maker in CN.",
  "Se halló evidencia relevante para s.848: programas de un fabricante en CN.")
T("This evidence holds no app of the ground control, or does not tell who made it.",
  "Esta evidencia no contiene ninguna aplicación de control en tierra, o no dice quién la hizo.")
T("Show the apps of the report to your counsel.", "Muestre a su asesoría jurídica las aplicaciones del informe.")
/* 848-4 */
T("No network connection to, and no data storage located in or administered by, an entity domiciled in the People's "
  "Republic of China",
  "Ninguna conexión de red con una entidad domiciliada en la República Popular China, ni datos guardados en ella o "
  "administrados por ella")
T("{0} to {1}: {2} points to CN, evidence relevant to NDAA FY2020 s.848.",
  "{0} a {1}: {2} apunta a CN, evidencia relevante para NDAA FY2020 s.848.")
T("For no destination in the captures does the owner, the network or the place point to CN.",
  "En ningún destino de las capturas apunta a CN el dueño, la red o el lugar.")
T("Evidence relevant to s.848 was found: {0}.", "Se halló evidencia relevante para s.848: {0}.")
T("No connection pointing to CN was seen, but the evidence does not suffice to rely on that.",
  "No se vio ninguna conexión que apunte a CN, pero la evidencia no basta para confiar en ello.")
T("Show the destinations of the report to your counsel, and block them at the gateway until then.",
  "Muestre a su asesoría jurídica los destinos del informe, y bloquéelos en la pasarela hasta entonces.")
/* BLU-1 */
T("Verified to component level against s.848, with a cyber evaluation",
  "Verificado a nivel de componente según s.848, con una evaluación de ciberseguridad")
T("As in {0}: {1}.", "Como en {0}: {1}.")
T("By this evidence, 848-1 to 848-4 are met.  The listing itself is DIU's to give.",
  "Según esta evidencia, se cumplen de 848-1 a 848-4. La inclusión en la lista solo la da la DIU.")
T("By this evidence, one of 848-1 to 848-4 is not met.", "Según esta evidencia, una de 848-1 a 848-4 no se cumple.")
T("Not all of 848-1 to 848-4 are shown by this evidence.", "Esta evidencia no muestra todas las de 848-1 a 848-4.")
T("See 848-1 to 848-4.", "Véase de 848-1 a 848-4.")
T("policy page (diu.mil/blue-uas-policy)", "página de la política (diu.mil/blue-uas-policy)")
/* 817-1 */
T("Contractors use no covered aircraft in the performance of a contract",
  "Los contratistas no usan aeronaves afectadas al ejecutar un contrato")
T("{0} of {1} ({2}): evidence relevant to NDAA FY2023 s.817.",
  "{0} de {1} ({2}): evidencia relevante para NDAA FY2023 s.817.")
T("Neither the inventory nor the evidence names an aircraft of a covered maker.",
  "Ni el inventario ni la evidencia nombran una aeronave de un fabricante afectado.")
T("Evidence relevant to s.817 was found, an aircraft of a covered maker.",
  "Se halló evidencia relevante para s.817: una aeronave de un fabricante afectado.")
T("The fleet is not listed, or not the makers of all of it.",
  "La flota no está enumerada, o no los fabricantes de toda ella.")
T("Have the fleet and the contracts checked by your counsel.",
  "Haga revisar la flota y los contratos por su asesoría jurídica.")
/* ASDA-1 */
T("No federal purchase of covered aircraft", "Ninguna compra federal de aeronaves afectadas")
T("The inventory has an aircraft of {0} ({1}) that was acquired on {2}: evidence relevant to the American Security "
  "Drone Act.  Exemptions are not looked at.",
  "El inventario tiene una aeronave de {0} ({1}) adquirida el {2}: evidencia relevante para la American Security "
  "Drone Act. No se miran las exenciones.")
T("The inventory lists all aircraft of the evidence, and none of a covered maker that was acquired while the law is "
  "in force.",
  "El inventario enumera todas las aeronaves de la evidencia, y ninguna de un fabricante afectado adquirida con la "
  "ley en vigor.")
T("Evidence relevant to the American Security Drone Act was found, a covered aircraft acquired while it is in force.",
  "Se halló evidencia relevante para la American Security Drone Act: una aeronave afectada adquirida con la ley en "
  "vigor.")
T("The inventory does not tell who made the aircraft, or when they were acquired.",
  "El inventario no dice quién hizo las aeronaves, o cuándo se adquirieron.")
T("Have the purchases and any exemption checked by your counsel.",
  "Haga revisar las compras y las posibles exenciones por su asesoría jurídica.")
/* ASDA-2 */
T("No federal operation of covered aircraft after 22 December 2025",
  "Ninguna operación federal de aeronaves afectadas después del 22 de diciembre de 2025")
T("{0} on or after 22 December 2025 with an aircraft of {1} (headquarters: {2}), the first on {3}: evidence relevant "
  "to the American Security Drone Act.  Exemptions are not looked at.",
  "{0} el 22 de diciembre de 2025 o después con una aeronave de {1} (sede: {2}), el primero el {3}: evidencia "
  "relevante para la American Security Drone Act. No se miran las exenciones.")
T("{0} in this evidence, none of them in that time with an aircraft of such a maker.",
  "{0} en esta evidencia, ninguno de ellos en ese tiempo con una aeronave de tal fabricante.")
T("Evidence relevant to the American Security Drone Act was found.",
  "Se halló evidencia relevante para la American Security Drone Act.")
T("Have the flights and any exemption checked by your counsel.",
  "Haga revisar los vuelos y las posibles exenciones por su asesoría jurídica.")
/* ASDA-3 */
T("No federal funds spent by contractors or grantees on covered aircraft",
  "Contratistas y beneficiarios no gastan fondos federales en aeronaves afectadas")
T("A flight of {0} with an aircraft of {1} (headquarters: {2}), which the inventory pays from \"{3}\": evidence "
  "relevant to the American Security Drone Act.  Exemptions are not looked at.",
  "Un vuelo del {0} con una aeronave de {1} (sede: {2}), que el inventario paga con «{3}»: evidencia relevante para "
  "la American Security Drone Act. No se miran las exenciones.")
T("No flight in this evidence is by a covered aircraft that federal money pays for.",
  "Ningún vuelo de esta evidencia es de una aeronave afectada pagada con dinero federal.")
T("Evidence relevant to the American Security Drone Act was found, a flight that federal money pays for.",
  "Se halló evidencia relevante para la American Security Drone Act: un vuelo pagado con dinero federal.")
T("This evidence does not tell which aircraft flew, or who paid for it.",
  "Esta evidencia no dice qué aeronave voló, o quién la pagó.")
T("Have the flights and their funding checked by your counsel.",
  "Haga revisar los vuelos y su financiación por su asesoría jurídica.")
/* ASDA-4 */
T("Account for covered aircraft as personally tracked property",
  "Lleve las aeronaves afectadas como bienes con seguimiento personal")
T("The aircraft {0} of {1} {2}: evidence relevant to the American Security Drone Act.",
  "La aeronave {0} de {1} {2}: evidencia relevante para la American Security Drone Act.")
T("The covered aircraft in this evidence stand in the inventory as tracked property.",
  "Las aeronaves afectadas de esta evidencia constan en el inventario como bienes con seguimiento.")
T("Evidence relevant to the American Security Drone Act was found, a covered aircraft that is not tracked.",
  "Se halló evidencia relevante para la American Security Drone Act: una aeronave afectada sin seguimiento.")
T("This evidence names no serial number, or there is no inventory to compare it with.",
  "Esta evidencia no nombra ningún número de serie, o no hay inventario con que compararlo.")
T("Enter the serial numbers of the report as tracked property.",
  "Anote los números de serie del informe como bienes con seguimiento.")
/* 1709-1 */
T("Equipment and software of DJI, Autel and those behind them goes on the Covered List unless cleared",
  "Los equipos y programas de DJI, de Autel y de quienes están detrás entran en la Covered List si no se los exime")
T("{0}: {1}, evidence relevant to NDAA FY2025 s.1709.", "{0}: {1}, evidencia relevante para NDAA FY2025 s.1709.")
T("The aircraft in this evidence are of other makers, and no code, host or broadcast of DJI or Autel was found "
  "beside them.",
  "Las aeronaves de esta evidencia son de otros fabricantes, y no se halló junto a ellas código, servidor ni emisión "
  "de DJI o Autel.")
T("Evidence relevant to s.1709 was found, equipment or software of the makers that it names, or of those behind them.",
  "Se halló evidencia relevante para s.1709: equipos o programas de los fabricantes que nombra, o de quienes están "
  "detrás.")
T("This evidence names no aircraft, or could not be read to the end.",
  "Esta evidencia no nombra ninguna aeronave, o no se pudo leer hasta el final.")
T("Show the findings to your counsel; the FCC publishes whom it has cleared.",
  "Muestre los hallazgos a su asesoría jurídica; la FCC publica a quién ha eximido.")
/* FCC-1 */
T("Foreign-produced aircraft get no new equipment authorisation",
  "Las aeronaves de producción extranjera no reciben nueva autorización de equipo")
T("The evidence names an aircraft of {0} ({1}) whose model the inventory says was authorised on {2}: evidence "
  "relevant to FCC DA 25-1086.  Exemptions are not looked at.",
  "La evidencia nombra una aeronave de {0} ({1}) cuyo modelo, según el inventario, se autorizó el {2}: evidencia "
  "relevante para FCC DA 25-1086. No se miran las exenciones.")
T("The aircraft in this evidence were authorised before 22 December 2025, or are not foreign-produced.",
  "Las aeronaves de esta evidencia se autorizaron antes del 22 de diciembre de 2025, o no son de producción "
  "extranjera.")
T("Evidence relevant to FCC DA 25-1086 was found, a foreign-produced aircraft authorised since.",
  "Se halló evidencia relevante para FCC DA 25-1086: una aeronave de producción extranjera autorizada desde entonces.")
T("This evidence does not tell which aircraft it is, or since when its model is authorised.",
  "Esta evidencia no dice qué aeronave es, o desde cuándo está autorizado su modelo.")
T("Look the FCC identifier up, and enter the day of the authorisation in the inventory.",
  "Busque el identificador de la FCC, y anote en el inventario el día de la autorización.")
T("Covered List entry for UAS and UAS critical components",
  "Entrada de la Covered List sobre UAS y componentes críticos de UAS")
/* FCC-2 */
T("Foreign-produced critical components get no new equipment authorisation either",
  "Los componentes críticos de producción extranjera tampoco reciben nueva autorización de equipo")
T("{0} of {1} ({2}) is from {3}: evidence relevant to FCC DA 25-1086.  When it was authorised is not in the evidence.",
  "{0} de {1} ({2}) es de {3}: evidencia relevante para FCC DA 25-1086. Cuándo se autorizó no está en la evidencia.")
T("The components of the notice's classes that this evidence lists are not foreign-produced.",
  "Los componentes de las clases del aviso que enumera esta evidencia no son de producción extranjera.")
T("Evidence relevant to FCC DA 25-1086 was found, a foreign-produced component of the notice's classes.",
  "Se halló evidencia relevante para FCC DA 25-1086: un componente de producción extranjera de las clases del aviso.")
T("This evidence lists no components of the notice's classes, or not where they are from.",
  "Esta evidencia no enumera componentes de las clases del aviso, o no de dónde son.")
T("Ask the maker when and under which identifier the component was authorised.",
  "Pregunte al fabricante cuándo y con qué identificador se autorizó el componente.")
/* FCC-3 */
T("Models that were authorised before may still be used and sold",
  "Los modelos autorizados antes pueden seguir usándose y vendiéndose")
T("The model of an aircraft of {0} was authorised on {1} by the inventory, not before the notice: evidence relevant "
  "to FCC DA 25-1086.",
  "Según el inventario, el modelo de una aeronave de {0} se autorizó el {1}, no antes del aviso: evidencia relevante "
  "para FCC DA 25-1086.")
T("By the inventory, the models of all aircraft in this evidence were authorised before the notice.",
  "Según el inventario, los modelos de todas las aeronaves de esta evidencia se autorizaron antes del aviso.")
T("By the inventory, the model of an aircraft was authorised only since the notice.",
  "Según el inventario, el modelo de una aeronave se autorizó después del aviso.")
T("This evidence does not tell since when the models are authorised.",
  "Esta evidencia no dice desde cuándo están autorizados los modelos.")
/* GRN-1 */
T("Corporate hygiene, device security, remote connectivity and supply chain are assessed",
  "Se evalúan la higiene de la empresa, la seguridad del aparato, la conectividad remota y la cadena de suministro")
T("Nothing in this evidence speaks against the areas 2 to 4, and the policy names who vouches for area 1.",
  "Nada en esta evidencia habla en contra de las áreas 2 a 4, y la política nombra quién responde del área 1.")
T("Something in this evidence speaks against one of the four areas.",
  "Algo en esta evidencia habla en contra de una de las cuatro áreas.")
T("This evidence does not cover all four areas.", "Esta evidencia no abarca las cuatro áreas.")
T("Audit the app, a captured flight and the bill of materials together; the certificate itself is AUVSI's to give.",
  "Audite juntos la aplicación, un vuelo capturado y la lista de materiales; el certificado solo lo da AUVSI.")
T("assessment areas", "áreas de evaluación")
/* LDM-1 */
T("With Local Data Mode on, the app sends and receives nothing but maps",
  "Con el modo de datos locales activado, la aplicación no envía ni recibe más que mapas")
T("{0} were addressed to {1} while Local Data Mode was said to be on.",
  "{0} se dirigieron a {1} mientras se decía que estaba activado el modo de datos locales.")
T("which part of the capture was made in Local Data Mode (--label \"local data mode\", or a phase of that name)",
  "qué parte de la captura se hizo en el modo de datos locales (--label \"local data mode\", o una fase con ese "
  "nombre)")
T("In Local Data Mode nothing of the app was seen but map traffic.",
  "En el modo de datos locales no se vio de la aplicación más que tráfico de mapas.")
T("In Local Data Mode the app still exchanged data: {0}.",
  "En el modo de datos locales la aplicación aún intercambió datos: {0}.")
T("This evidence does not show whether the claim holds.", "Esta evidencia no muestra si la afirmación se cumple.")
T("The label says that the mode was off.", "La etiqueta dice que el modo estaba desactivado.")
T("Switch the mode on, capture the app alone from power-on until after the flight has synced, and audit it with "
  "--label \"local data mode\".",
  "Active el modo, capture solo la aplicación desde el encendido hasta que el vuelo se haya sincronizado, y audítelo "
  "con --label \"local data mode\".")
T("Do not rely on the mode, fly without internet, and ask the maker what the app sent to the destinations of the report.",
  "No confíe en el modo, vuele sin internet, y pregunte al fabricante qué envió la aplicación a los destinos del "
  "informe.")
T("what the mode promises", "lo que el modo promete")
/* LDM-2 */
T("In Local Data Mode flight logs stay on the aircraft and in the app",
  "En el modo de datos locales los registros de vuelo se quedan en la aeronave y en la aplicación")
T("{0} of a flight in Local Data Mode, but no flight log, were found where the logs are claimed to stay.",
  "Se hallaron {0} de un vuelo en el modo de datos locales, pero ningún registro de vuelo, donde se afirma que los "
  "registros se quedan.")
T("which flights were made in Local Data Mode (--label \"local data mode\")",
  "qué vuelos se hicieron en el modo de datos locales (--label \"local data mode\")")
T("Flight logs of flights in Local Data Mode are stored, as the claim says.  They hold the path and are not covered "
  "by the mode.",
  "Los registros de vuelos en el modo de datos locales están guardados, como se afirma. Contienen la ruta y el modo "
  "no los abarca.")
T("No flight log was found where the claim says that logs stay.",
  "No se halló ningún registro de vuelo donde se afirma que los registros se quedan.")
T("This evidence holds no flight log made in Local Data Mode.",
  "Esta evidencia no contiene ningún registro de vuelo hecho en el modo de datos locales.")
T("Copy the log folders of the app and the aircraft after a flight in the mode.",
  "Copie las carpetas de registros de la aplicación y de la aeronave tras un vuelo en el modo.")
T("what the mode does not cover", "lo que el modo no abarca")
/* LDM-3 */
T("Turning Local Data Mode on needs no internet", "Activar el modo de datos locales no necesita internet")
T("{0} was addressed at the moment of the switch ({1} in all).",
  "Se contactó con {0} en el momento de activarlo ({1} en total).")
T("At the moment of the switch nothing of the app was seen to leave.",
  "En el momento de activarlo no se vio salir nada de la aplicación.")
T("At the moment of the switch the app exchanged data: {0}.",
  "En el momento de activarlo la aplicación intercambió datos: {0}.")
T("This evidence does not show the moment of the switch.", "Esta evidencia no muestra el momento de la activación.")
T("Capture the app alone while you switch the mode on, and name the time with --phase \"switch=FROM..TO\".",
  "Capture solo la aplicación mientras activa el modo, y nombre la hora con --phase \"switch=FROM..TO\".")
T("Switch the mode on without internet, and ask the maker what the app sent to the destinations of the report.",
  "Active el modo sin internet, y pregunte al fabricante qué envió la aplicación a los destinos del informe.")
T("switching the mode on", "activación del modo")
